/** A network of which one channel has weights so large that one scale for the layer rounds the others away. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../harness/data/dataset.js';
import { loadDataset } from '../../../harness/data/registry.js';
import { onnxruntime, onnxruntimeInt8 } from '../../../harness/engines/onnx/engine.js';
import type { Weights } from '../../../harness/graph/parameters.js';
import { withBiasesOf } from '../../../harness/quantise/correct-bias.js';
import { calibratedNodes } from '../../../harness/quantise/layout.js';
import { int8Form } from '../../../harness/quantise/quantise.js';
import { recipeSchema } from '../../../harness/recipe/recipe.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { type CalibrationOptions, calibratedForm, testInt8 } from '../../../harness/train/int8.js';
import { trainNetwork } from '../../../harness/train/train-network.js';
import { type FineTuning, WEIGHT_SCALES } from '../../../results/training/int8.js';
import { randomWeights } from '../../support/random.js';
import { tinyNetwork } from '../../support/tiny-network.js';

const graph = tinyNetwork();
const deployed = deployForm(graph);
const recipe = recipeSchema.parse({
  epochs: 3,
  batch: 32,
  learningRate: 0.1,
  augmentation: { flip: false, shift: 0 },
});
const common = { size: 12, threads: 1 } as const;

let dataset: Dataset;
let weights: Weights;

/** A channel that is zero whatever the image, and a depthwise kernel of so large weights for it, as dead channels of batch norms get them. */
const withDeadChannel = (all: Weights, factor: number): Weights => {
  const { nodes } = deployed.graph;
  const depthwise = nodes.find(({ op }) => op.kind === 'conv2d' && op.groups > 1);
  const before = nodes.findLast(({ id, op }) => id < (depthwise?.id ?? 0) && op.kind === 'conv2d');
  if (!depthwise || !before) throw new Error('The network has no depthwise convolution.');
  const changed = (path: string, first: number, change: (value: number) => number) =>
    [
      path,
      (all.get(path) ?? new Float32Array()).map((value, i) => (i < first ? change(value) : value)),
    ] as const;
  return new Map([
    ...all,
    changed(
      `${before.path}.weight`,
      (all.get(`${before.path}.weight`)?.length ?? 0) / before.shape[0],
      () => 0,
    ),
    changed(`${before.path}.bias`, 1, () => -1),
    changed(`${depthwise.path}.weight`, 9, (value) => factor * value),
  ]);
};

const optionsWith = (fineTune?: FineTuning): CalibrationOptions => ({
  ...{ ...common, dataset, trainImages: dataset.splits.train.count },
  setting: {
    ...{ calibration: 'min-max', images: 64, weights: 'per-tensor' },
    ...(fineTune === undefined ? {} : { fineTune }),
  },
  training: { recipe, seed: 1 },
});

const top1With = async (fineTune?: FineTuning): Promise<number> =>
  (
    await testInt8(onnxruntimeInt8, deployed.graph, weights, {
      ...optionsWith(fineTune),
      batch: recipe.batch,
    })
  ).testTop1;

beforeAll(async () => {
  dataset = await loadDataset('synthetic');
  const trained = await trainNetwork({
    ...{ engine: onnxruntime, graph, weights: initialWeights(graph, 1), dataset, recipe, seed: 1 },
    ...common,
  });
  weights = withDeadChannel(deployed.convert(trained.weights), 1000);
});

describe('fine-tuning in int8', () => {
  it('gives back what rounding has taken', async () => {
    const [plain, tuned] = [await top1With(), await top1With({ epochs: 2 })];
    expect(tuned).toBeGreaterThan(plain + 0.05);
  });

  it('gives the same network again', async () => {
    const kernelsOf = async () => {
      const form = await calibratedForm(onnxruntimeInt8, deployed.graph, weights, optionsWith({ epochs: 1 }));
      return [...form.kernels];
    };
    expect(await kernelsOf()).toEqual(await kernelsOf());
  });

  it('fails by name where weights are not finite', async () => {
    await expect(top1With({ epochs: 1, learningRate: 1e30 })).rejects.toThrow(
      /^Fine-tuning in int8 from learning rate 1e\+30 failed: The weights of .* are not finite/,
    );
  });

  it('begins with the biases that the form has', () => {
    const drawn = deployed.convert(randomWeights(graph, 2));
    const ranges = new Map(calibratedNodes(deployed.graph).map((id) => [id, [-1, 3] as const]));
    for (const scales of WEIGHT_SCALES) {
      const form = int8Form(deployed.graph, drawn, ranges, scales);
      const moved = {
        ...form,
        kernels: new Map(
          [...form.kernels].map(([path, kernel]) => [
            path,
            { ...kernel, bias: kernel.bias?.map((steps, i) => steps + 40 * i) ?? null },
          ]),
        ),
      };
      const again = int8Form(deployed.graph, withBiasesOf(moved, drawn), ranges, scales);
      expect([...again.kernels]).toEqual([...moved.kernels]);
    }
  });
});
