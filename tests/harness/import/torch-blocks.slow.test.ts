/** Blocks of timm and torchvision, as they are: the same outputs, parameters and gradients of a training step as in PyTorch. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OptionValue } from '../../../blocks/part.js';
import { findEngine } from '../../../harness/engines/registry.js';
import { GraphBuilder, type Value } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { graphParameters, isLearnable, type Weights } from '../../../harness/graph/parameters.js';
import type { Shape } from '../../../harness/graph/shape.js';
import { importOnnx } from '../../../harness/import/onnx/import-onnx.js';
import { randomStream } from '../../../harness/random.js';
import { stepRecipeSchema } from '../../../harness/recipe/recipe.js';
import { pythonIsMissing, runPython } from '../../support/python.js';
import { relativeDifference } from '../../support/reference.js';

const CHANNELS = 16;
const PLACE = { input: [CHANNELS, 8, 8], outChannels: CHANNELS, stride: 1 } as const;
const BATCH = 4;
const CLASSES = 3;

/** The module, its arguments, and our names of those parameters that are no layer's weight or bias: named by what is done with them. */
type Block = readonly [
  source: string,
  given: Readonly<Record<string, OptionValue>>,
  renamed?: Readonly<Record<string, string>>,
];

const BLOCKS: readonly Block[] = [
  ['timm.models._efficientnet_blocks:InvertedResidual', { exp_ratio: 4 }],
  ['timm.models._efficientnet_blocks:DepthwiseSeparableConv', {}],
  ['timm.models._efficientnet_blocks:EdgeResidual', { exp_ratio: 3 }],
  ['timm.models._efficientnet_blocks:UniversalInvertedResidual', { dw_kernel_size_start: 3, exp_ratio: 2 }],
  ['timm.models._efficientnet_blocks:ConvBnAct', { kernel_size: 3, skip: true }],
  ['timm.models.ghostnet:GhostBottleneck', { mid_chs: 32, se_ratio: 0.25 }],
  ['timm.models.starnet:Block', {}],
  ['timm.models.regnet:Bottleneck', { bottle_ratio: 1, group_size: 8, se_ratio: 0.25 }],
  ['timm.models.byobnet:MobileOneBlock', {}],
  ['timm.models.byobnet:RepVggBlock', {}],
  ['timm.models.resnet:BasicBlock', {}],
  ['timm.models.convnext:ConvNeXtBlock', { mlp_ratio: 2 }, { gamma: 'mul.weight' }],
  ['timm.models.fastvit:RepMixerBlock', {}],
  [
    'timm.models.edgenext:SplitTransposeBlock',
    { num_scales: 2, num_heads: 4, expand_ratio: 2, ls_init_value: 0.5 },
    { gamma_xca: 'mul_2.weight', gamma: 'mul_3.weight', 'xca.temperature': 'xca.weight' },
  ],
  ['timm.models.swiftformer:Block', { layer_scale_init_value: 0.5 }, { 'attn.w_g': 'attn.weight' }],
  ['timm.layers.split_attn:SplitAttn', {}],
  ['timm.layers.selective_kernel:SelectiveKernel', {}],
  ['torchvision.models.mobilenetv2:InvertedResidual', { expand_ratio: 6 }],
  ['torchvision.models.shufflenetv2:InvertedResidual', {}],
];

interface Step {
  readonly input: string;
  readonly output: string;
  readonly parameters: number;
  readonly names: readonly string[];
  readonly gradients: Readonly<Record<string, string>>;
}

interface Ours {
  readonly graph: Graph;
  readonly weights: Weights;
}

const EXPORTER = 'harness/import/torch/export_block.py';

/** LayerScale's factor is a scale of ours, whose parameter is called weight. */
const ourName = (name: string, renamed: Block[2]): string =>
  renamed?.[name] ?? name.replace(/\.gamma$/, '.weight');

const encode = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

const decode = (text: string): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);

const stream = randomStream(0, 'torch-blocks');
const normal = (length: number): Float32Array => Float32Array.from({ length }, () => stream.normal());
const images = normal(BATCH * CHANNELS * 8 * 8);
const head = normal(CLASSES * CHANNELS);
const labels = [0, 1, 2, 1];

/** The block with a classifier without bias on the mean over the pixels. */
const classified = (block: Graph): Graph => {
  const g = GraphBuilder.create();
  const values = new Map<number, Value<Shape>>();
  for (const { id, path, op, inputs } of block.nodes)
    values.set(
      id,
      g.append(
        path,
        op,
        inputs.flatMap((input) => values.get(input) ?? []),
      ),
    );
  const pooled = g.append('test_pool', { kind: 'globalAvgPool' }, [...values.values()].slice(-1));
  const flat = g.append('test_flatten', { kind: 'flatten' }, [pooled]);
  return g.finish(g.dense('test_head', flat, CLASSES, false));
};

const PLAIN = stepRecipeSchema.parse({
  optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
  weightDecay: 0,
  labelSmoothing: 0,
});

const RATE = 2 ** 12;

/** What a step of plain SGD takes off the weights, divided by its rate. */
const gradients = async ({ graph, weights }: Ours): Promise<Weights> => {
  const network = classified(graph);
  const start = new Map([...weights, ['test_head.weight', head]]);
  const trainer = await findEngine('onnxruntime').createTrainer(network, start, {
    batch: BATCH,
    threads: 1,
    recipe: PLAIN,
  });
  await trainer.step({ images, labels: Int32Array.from(labels), count: BATCH }, RATE);
  const after = await trainer.weights();
  await trainer.dispose();
  return new Map(
    [...weights].map(([path, values]) => [
      path,
      values.map((value, i) => (value - (after.get(path)?.[i] ?? Number.NaN)) / RATE),
    ]),
  );
};

const missing = pythonIsMissing('torch', 'timm', 'torchvision');

describe.skipIf(missing)(`a block of PyTorch${missing ? ` (${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-blocks-'));
  let theirs: readonly Step[] = [];

  beforeAll(() => {
    const tasks = BLOCKS.map(([source, given], i) => ({
      source,
      arguments: given,
      place: { ...PLACE, file: join(folder, `${i}.onnx`) },
      images: encode(images),
      batch: BATCH,
      head: encode(head),
      labels,
    }));
    const program = readFileSync('tests/torch/block_step.py', 'utf8');
    theirs = JSON.parse(runPython(program, Buffer.from(JSON.stringify(tasks)), EXPORTER));
  });

  const readBack = (i: number): Ours & { readonly step: Step } => {
    const step = theirs[i];
    if (!step) throw new Error('It was not exported.');
    const { graph, weights } = importOnnx(readFileSync(join(folder, `${i}.onnx`))).build(PLACE.input, 'map');
    return { graph, weights: weights(), step };
  };

  afterAll(() => rmSync(folder, { recursive: true }));

  describe.each(BLOCKS.map(([source, , renamed], i) => ({ source, renamed, i })))(
    '$source',
    ({ renamed, i }) => {
      it('has the same parameters, by the same names, and the same outputs', async () => {
        const { graph, weights, step } = readBack(i);
        const learnable = graphParameters(graph).filter(isLearnable);
        expect(learnable.map(({ path }) => path).sort()).toEqual(
          step.names.map((name) => ourName(name, renamed)).sort(),
        );
        expect(learnable.reduce((sum, { size }) => sum + size, 0)).toBe(step.parameters);
        const predictor = await findEngine('onnxruntime').createPredictor(graph, weights, {
          batch: 1,
          threads: 1,
        });
        const output = await predictor.run(decode(step.input));
        expect(relativeDifference(output, decode(step.output))).toBeLessThan(1e-5);
        await predictor.dispose();
      });

      it('has the same gradients of a training step', async () => {
        const { step, ...ours } = readBack(i);
        const found = await gradients(ours);
        const expected = Object.entries(step.gradients).map(([name, text]) => [name, decode(text)] as const);
        const largest = Math.max(...expected.flatMap(([, values]) => Array.from(values, Math.abs)));
        for (const [name, values] of expected) {
          const ourValues = found.get(ourName(name, renamed)) ?? new Float32Array();
          expect(ourValues.length, name).toBe(values.length);
          const worst = Math.max(...values.map((value, k) => Math.abs(value - (ourValues[k] ?? 0))));
          expect(worst / largest, name).toBeLessThan(1e-4);
        }
      });
    },
  );
});
