/** Every published network takes small images by the same plan: the first stride is taken away, and nothing else changes. */
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import type { OptionValue } from '../../../blocks/part.js';
import { REGISTRY } from '../../../blocks/registry.js';
import { cost } from '../../../harness/cost/cost.js';
import { onnxCost } from '../../../harness/cost/onnx-cost.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { exportOnnx } from '../../../harness/engines/onnx/export.js';
import { type Graph, nodeAt } from '../../../harness/graph/graph.js';
import { graphParameters } from '../../../harness/graph/parameters.js';
import { fingerprint } from '../../../harness/graph/print.js';
import { formatShape } from '../../../harness/graph/shape.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { narrowed } from '../../support/narrow.js';
import { randomValues, zeroWeights } from '../../support/random.js';
import { stepRecipe } from '../../support/recipe.js';
import { refusalOf } from '../../support/refusal.js';

const CLASSES = 10;

/** LightNet, and FalconNet in it, have the strides of their stem as options. */
const published = REGISTRY.network.filter(({ options }) => !Object.hasOwn(options.shape, 'stemStrides'));

/** Its classifier spans the whole map, and so takes one size. */
const ONE_SIZE: Readonly<Record<string, number>> = { 'channelnet-v3': 112 };

const networks = published.map(({ id }) => ({ id, size: ONE_SIZE[id] ?? 32 }));

const anySize = networks.filter(({ id }) => ONE_SIZE[id] === undefined).map(({ id }) => id);

const build = (
  id: string,
  resolution: 'imagenet' | 'small',
  size: number,
  set: Record<string, OptionValue> = narrowed(id),
): Graph => buildNetwork({ id, set: { ...set, resolution } }, { input: [1, size, size], classes: CLASSES });

/** Height and width of what the head averages, or of what its classifier spans. */
const lastMap = (graph: Graph): string => {
  const nodeOf = (path: string) => graph.nodes.find((node) => node.path === path);
  const [input = -1] = (nodeOf('head.pool') ?? nodeOf('head.classifier'))?.inputs ?? [];
  return formatShape(nodeAt(graph, input).shape.slice(1));
};

describe.each(networks)('$id with resolution=small', ({ id, size }) => {
  it('ends on the map of the published form for images of twice the size', () => {
    expect(lastMap(build(id, 'small', size))).toBe(lastMap(build(id, 'imagenet', 2 * size)));
  });

  it('has the parameters of the published form, and its costs for images of twice the size', () => {
    const [small, large] = [build(id, 'small', size), build(id, 'imagenet', 2 * size)];
    expect(graphParameters(small)).toEqual(graphParameters(large));
    expect(cost(small)).toMatchObject({ params: cost(large).params, macs: cost(large).macs });
  });

  it('has the same costs counted from the exported file, in both forms', () => {
    const small = build(id, 'small', size);
    for (const form of [small, deployForm(small).graph]) {
      const bytes = exportOnnx(form, zeroWeights(form), { batch: null, outputName: 'output' });
      const { params, macs, flops } = cost(form);
      expect(onnxCost(bytes)).toEqual({ params, macs, flops });
    }
  });

  it('says where the images are too small', async () => {
    expect(await refusalOf(() => build(id, 'small', 8))).toMatch(
      new RegExp(`^${id}\\b.*(too small|cannot take images|larger input)`),
    );
  });
});

describe.each(anySize)('%s with resolution=small, for images of 32 pixels', (id) => {
  const small = build(id, 'small', 32);

  it('ends on the map that LightNet’s small preset ends on', () => {
    const lightnet = buildNetwork('lightnet(preset=small)', { input: [1, 32, 32], classes: CLASSES });
    expect(lastMap(small)).toBe(lastMap(lightnet));
  });

  it('is another network than the published form, with more multiply-adds', () => {
    const large = build(id, 'imagenet', 32);
    expect(fingerprint(small)).not.toBe(fingerprint(large));
    expect(cost(small).macs).toBeGreaterThan(cost(large).macs);
  });
});

describe('a first layer without its stride', () => {
  it.each([
    ['a convolution', 'mobilenet-v2', { width: 0.1 }],
    ['a convolution before a max pool', 'shufflenet-v1', { width: 0.25 }],
    ['a convolution with a bias', 'starnet-s1', {}],
    ['re-parameterised branches', 'mobileone-s0', {}],
    ['patches, which overlap', 'fasternet-t0', {}],
  ])('trains where it is %s', async (_layer, id, set) => {
    const graph = build(id, 'small', 32, set);
    const recipe = stepRecipe({});
    const trainer = await onnxruntime.createTrainer(graph, initialWeights(graph, 1), {
      batch: 2,
      threads: 1,
      recipe,
    });
    const images = randomValues(2 * 32 * 32, 2);
    const { loss } = await trainer.step({ images, labels: Int32Array.of(0, 3), count: 2 }, 0.1);
    await trainer.dispose();
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(10 * Math.log(CLASSES));
  });
});

describe('the published form', () => {
  it('is the default', () => {
    for (const { id, size } of networks) {
      const given = build(id, 'imagenet', 2 * size);
      const site = { input: [1, 2 * size, 2 * size], classes: CLASSES } as const;
      expect(fingerprint(buildNetwork({ id, set: narrowed(id) }, site))).toBe(fingerprint(given));
    }
  });

  it('refuses an image that leaves a stride nothing to skip, and names the layer', async () => {
    expect(await refusalOf(() => build('mobilenet-v2', 'imagenet', 16))).toBe(
      'mobilenet-v2: images of 16x16 are too small: stages.5.blocks.0.spatial2.conv would apply a stride to a map of 1x1. Use larger images or fewer strides: set resolution=small or, in LightNet, preset=small or stemStrides.',
    );
  });
});
