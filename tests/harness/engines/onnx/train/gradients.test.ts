/** Every gradient rule, and every fusion, against central differences of the loss in float64. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { planFusions } from '../../../../../harness/engines/onnx/train/fusion.js';
import { flatten } from '../../../../../harness/engines/onnx/train/state.js';
import { LOSS, outputOf, trainingModel } from '../../../../../harness/engines/onnx/train/training-model.js';
import { GraphBuilder, type Value } from '../../../../../harness/graph/builder.js';
import type { Graph } from '../../../../../harness/graph/graph.js';
import { ACTIVATIONS, type OpKind, type Pair } from '../../../../../harness/graph/ops.js';
import type { Shape } from '../../../../../harness/graph/shape.js';
import { randomWeights, seededRandom } from '../../../../support/random.js';
import { stepRecipe } from '../../../../support/recipe.js';
import { referenceOutput } from '../../../../support/reference.js';

const BATCH = 3;
const CLASSES = 3;
const SMOOTHING = 0.1;
const STEP = 1e-5;
/** Largest error of a derivative along a random direction, relative to the gradient's norm, in float32. */
const TOLERANCE = 1e-3;
/** Where the true gradient is zero (a bias before a batch norm), what float32 leaves of it. */
const NOISE = 1e-6;

type Middle = (g: GraphBuilder, x: Value) => Value<Shape>;

interface Case {
  readonly name: string;
  readonly middle: Middle;
  readonly channels?: number;
  readonly size?: Pair;
  /** Nodes that are trained as one, where that is what the case is about. */
  readonly fused?: number;
}

/** Parameters stand before and after the middle, so that its gradient for its input is tested too. */
const surrounded = ({ middle, channels = 4, size: [height, width] = [6, 6] }: Case): Graph => {
  const g = GraphBuilder.create();
  const x = g.conv2d('before', g.input([2, height, width]), { outChannels: channels, kernel: 1, bias: true });
  const y = middle(g.scope('middle'), x);
  const [features, ...map] = y.shape;
  const vector =
    map.length === 0 ? y : g.flatten('flatten', { id: y.id, shape: [features, map[0] ?? 1, map[1] ?? 1] });
  return g.finish(g.dense('after', vector, CLASSES));
};

const branch = (
  g: GraphBuilder,
  name: string,
  x: Value,
  kernel: number | Pair,
  groups: number,
  stride = 1,
): Value =>
  g.batchNorm(`${name}.bn`, g.conv2d(`${name}.conv`, x, { outChannels: x.shape[0], kernel, groups, stride }));

const repso =
  (stride: number): Middle =>
  (g, x) => {
    const c = x.shape[0];
    const kernels: readonly [string, number | Pair][] = [
      ['a', 3],
      ['b', 3],
      ['row', [1, 3]],
      ['column', [3, 1]],
      ['point', 1],
    ];
    const branches = kernels.map(([name, kernel]) => branch(g, name, x, kernel, c, stride));
    return g.add('sum', ...branches, ...(stride === 1 ? [g.batchNorm('identity.bn', x)] : []));
  };

const depthwise =
  (options: {
    kernel: number | Pair;
    stride?: number;
    padding?: number;
    dilation?: number;
    multiplier?: number;
  }): Middle =>
  (g, x) =>
    g.conv2d('dw', x, {
      ...options,
      groups: x.shape[0],
      outChannels: x.shape[0] * (options.multiplier ?? 1),
    });

const CASES: readonly Case[] = [
  ...ACTIVATIONS.map((fn): Case => ({ name: fn, middle: (g, x) => g.activation('act', x, fn) })),
  { name: 'dense 3x3', middle: (g, x) => g.conv2d('conv', x, { outChannels: 3, kernel: 3 }) },
  {
    name: 'dense 3x3 stride 2',
    size: [7, 6],
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 3, kernel: 3, stride: 2, bias: true }),
  },
  {
    name: 'dense 5x3 dilated',
    size: [9, 7],
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 3, kernel: [5, 3], dilation: 2, padding: [4, 2] }),
  },
  { name: 'grouped 3x3', middle: (g, x) => g.conv2d('conv', x, { outChannels: 6, kernel: 3, groups: 2 }) },
  { name: 'grouped 1x1', middle: (g, x) => g.conv2d('conv', x, { outChannels: 6, kernel: 1, groups: 2 }) },
  {
    name: 'pointwise stride 2',
    middle: (g, x) => g.conv2d('conv', x, { outChannels: 6, kernel: 1, stride: 2 }),
  },
  { name: 'depthwise 3x3, whole images', middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3 stride 2, whole images', size: [7, 7], middle: depthwise({ kernel: 3, stride: 2 }) },
  {
    name: 'depthwise 2x2 stride 2, multiplier 2, whole images',
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  { name: 'depthwise 3x3, two phases', size: [10, 9], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3, two phases of unequal counts', size: [14, 9], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3, odd map', size: [9, 9], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 3x3 stride 2, bands', size: [12, 9], middle: depthwise({ kernel: 3, stride: 2 }) },
  { name: 'depthwise 5x5, bands', size: [12, 9], middle: depthwise({ kernel: 5 }) },
  { name: 'depthwise 5x5 stride 2, bands', size: [16, 9], middle: depthwise({ kernel: 5, stride: 2 }) },
  {
    name: 'depthwise 3x3 dilated, bands',
    size: [12, 9],
    middle: depthwise({ kernel: 3, dilation: 2, padding: 2 }),
  },
  { name: 'depthwise 1x3, bands', size: [9, 9], middle: depthwise({ kernel: [1, 3] }) },
  {
    name: 'depthwise 2x2 stride 2, multiplier 2, bands',
    size: [10, 10],
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  {
    name: 'depthwise 2x2 stride 2, odd map',
    size: [9, 11],
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  { name: 'depthwise 3x3, tiles of columns', channels: 2, size: [9, 34], middle: depthwise({ kernel: 3 }) },
  { name: 'depthwise 5x5, tiles of columns', channels: 2, size: [4, 34], middle: depthwise({ kernel: 5 }) },
  {
    name: 'depthwise 3x3 stride 2, tiles of columns',
    channels: 2,
    size: [4, 67],
    middle: depthwise({ kernel: 3, stride: 2 }),
  },
  {
    name: 'depthwise 2x2 stride 2, multiplier 2, tiles of columns',
    channels: 2,
    size: [4, 68],
    middle: depthwise({ kernel: 2, stride: 2, padding: 0, multiplier: 2 }),
  },
  { name: 'depthwise 3x3, prime width', channels: 2, size: [3, 37], middle: depthwise({ kernel: 3 }) },
  {
    name: 'channel-wise',
    channels: 8,
    middle: (g, x) =>
      g.channelConv('cw', x, { filters: 2, kernel: [4, 1, 1], channelStride: 2, channelPadding: [1, 1] }),
  },
  {
    name: 'channel-wise with pixels',
    channels: 6,
    size: [3, 3],
    middle: (g, x) =>
      g.channelConv('cw', x, { filters: 1, kernel: [3, 3, 3], channelStride: 1, channelPadding: [0, 0] }),
  },
  { name: 'batch norm', middle: (g, x) => g.batchNorm('bn', x) },
  { name: 'scale', middle: (g, x) => g.scale('scale', g.scale('plain', x, false), true) },
  { name: 'add', middle: (g, x) => g.add('add', x, g.activation('act', x, 'silu'), x) },
  { name: 'mul', middle: (g, x) => g.mul('mul', x, g.activation('act', x, 'sigmoid')) },
  {
    name: 'mul by a gate per channel',
    middle: (g, x) => g.mul('mul', x, g.activation('act', g.globalAvgPool('pool', x), 'sigmoid')),
  },
  {
    name: 'concat, slice and shuffle',
    middle: (g, x) =>
      g.permuteChannels(
        'shuffle',
        g.concat('concat', g.slice('end', x, 1, 4), x, g.slice('start', x, 0, 1)),
        2,
      ),
  },
  { name: 'global average pool', middle: (g, x) => g.globalAvgPool('pool', x) },
  {
    name: 'average pool',
    size: [7, 6],
    middle: (g, x) => g.avgPool('pool', x, { kernel: 3, stride: 2, padding: 1 }),
  },
  {
    name: 'max pool',
    size: [7, 6],
    middle: (g, x) => g.maxPool('pool', x, { kernel: 3, stride: 2, padding: 1 }),
  },
  {
    name: 'flatten, then dense',
    size: [2, 3],
    middle: (g, x) => g.dense('fc', g.flatten('flatten', x), 5, false),
  },
  {
    name: 'fused expansion',
    fused: 2,
    middle: (g, x) => g.batchNorm('bn', g.conv2d('conv', x, { outChannels: 6, kernel: 1 })),
  },
  {
    name: 'fused pointwise branches with identity',
    fused: 6,
    middle: (g, x) => g.add('sum', branch(g, 'a', x, 1, 1), branch(g, 'b', x, 1, 1), g.batchNorm('bn', x)),
  },
  {
    name: 'fused grouped branches',
    fused: 5,
    middle: (g, x) => g.add('sum', branch(g, 'a', x, 1, 2), branch(g, 'b', x, 1, 2)),
  },
  {
    name: 'fused dense 3x3, 1x1 and identity',
    fused: 6,
    middle: (g, x) => g.add('sum', branch(g, 'a', x, 3, 1), branch(g, 'b', x, 1, 1), g.batchNorm('bn', x)),
  },
  { name: 'RepSO, whole images', fused: 12, middle: repso(1) },
  { name: 'RepSO, two phases', fused: 12, size: [10, 9], middle: repso(1) },
  { name: 'RepSO, odd map', fused: 12, size: [9, 9], middle: repso(1) },
  { name: 'RepSO stride 2', fused: 11, size: [12, 10], middle: repso(2) },
  { name: 'RepSO, tiles of columns', fused: 12, channels: 2, size: [3, 34], middle: repso(1) },
  { name: 'RepSO, prime width', fused: 12, channels: 2, size: [2, 37], middle: repso(1) },
];

const random = seededRandom(7);
const imagesFor = (graph: Graph): Float32Array =>
  Float32Array.from({ length: BATCH * graph.input.shape.reduce((a, b) => a * b, 1) }, () => random() * 2 - 1);
const LABELS = Array.from({ length: BATCH }, (_, i) => i % CLASSES);

/** Smoothed cross-entropy in float64. */
const lossOf = (logits: Float64Array): number => {
  let loss = 0;
  LABELS.forEach((label, image) => {
    const row = [...logits.subarray(image * CLASSES, (image + 1) * CLASSES)];
    const logSum = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    row.forEach((logit, k) => {
      const target = SMOOTHING / CLASSES + (k === label ? 1 - SMOOTHING : 0);
      loss -= (target * (logit - logSum)) / BATCH;
    });
  });
  return loss;
};

const floats = (tensor: { readonly data: unknown } | undefined): Float32Array => {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('Expected a float32 tensor.');
};

const analytic = async (graph: Graph, weights: ReadonlyMap<string, Float32Array>, images: Float32Array) => {
  const recipe = stepRecipe({ labelSmoothing: SMOOTHING });
  const { bytes, layout } = trainingModel(graph, { batch: BATCH, recipe }, { gradientsOnly: true });
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const vector = (values: Float32Array) => new Tensor('float32', values, [values.length]);
  const results = await session.run({
    images: new Tensor('float32', images, [BATCH, ...graph.input.shape]),
    labels: new Tensor('int64', BigInt64Array.from(LABELS, BigInt), [BATCH]),
    rate: new Tensor('float32', Float32Array.of(0), []),
    parameters: vector(flatten(layout.parameters, weights)),
    momenta: vector(new Float32Array(layout.parameterCount)),
    statistics: vector(flatten(layout.statistics, weights)),
  });
  await session.release();
  return {
    loss: floats(results[LOSS])[0] ?? Number.NaN,
    gradients: floats(results[outputOf('parameters')]),
    parameters: layout.parameters.flat(),
  };
};

describe('training rules', () => {
  it('are all reached by these cases', () => {
    const kinds = new Set(CASES.flatMap((example) => surrounded(example).nodes.map((node) => node.op.kind)));
    const all: Record<OpKind, true> = {
      input: true,
      conv2d: true,
      channelConv: true,
      dense: true,
      batchNorm: true,
      scale: true,
      activation: true,
      add: true,
      mul: true,
      concat: true,
      slice: true,
      permuteChannels: true,
      globalAvgPool: true,
      avgPool: true,
      maxPool: true,
      flatten: true,
    };
    expect(Object.keys(all).filter((kind) => !kinds.has(kind as OpKind))).toEqual([]);
  });

  it.each(CASES)('$name: gradients equal central differences', async (example) => {
    const graph = surrounded(example);
    const { byRoot, absorbed } = planFusions(graph);
    expect(byRoot.size + absorbed.size).toBe(example.fused ?? 0);
    const weights = randomWeights(graph, 11);
    const images = imagesFor(graph);
    const loss = (changed: ReadonlyMap<string, ArrayLike<number>>): number =>
      lossOf(referenceOutput(graph, changed, images, { batch: BATCH, mode: 'training' }));
    const result = await analytic(graph, weights, images);
    expect(result.loss).toBeCloseTo(loss(weights), 4);

    let offset = 0;
    for (const { path, size } of result.parameters) {
      const gradient = result.gradients.subarray(offset, offset + size);
      const direction = Float64Array.from({ length: size }, () => random() * 2 - 1);
      const along = (step: number): number => {
        const moved = direction.map((d, i) => (weights.get(path)?.[i] ?? 0) + step * d);
        return loss(new Map<string, ArrayLike<number>>([...weights, [path, moved]]));
      };
      const numeric = (along(STEP) - along(-STEP)) / (2 * STEP);
      const projected = direction.reduce((sum, d, i) => sum + d * (gradient[i] ?? Number.NaN), 0);
      const norm = Math.hypot(...gradient);
      expect(Math.abs(projected - numeric), path).toBeLessThan(TOLERANCE * norm + NOISE);
      offset += size;
    }
    expect(offset).toBe(result.gradients.length);
  });
});
