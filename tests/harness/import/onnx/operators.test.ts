/** Files as exporters write them: what is read computes what onnxruntime computes of the file. */
import { describe, expect, it } from 'vitest';
import { cost } from '../../../../harness/cost/cost.js';
import { OnnxModel, type Tensor } from '../../../../harness/engines/onnx/model.js';
import { sessionSettings } from '../../../../harness/engines/onnx/predictor-model.js';
import { createModelPredictor } from '../../../../harness/engines/onnx/session.js';
import { elementCount } from '../../../../harness/graph/shape.js';
import { importOnnx } from '../../../../harness/import/onnx/import-onnx.js';
import { doubled } from '../../../support/onnx-nodes.js';
import { randomValues } from '../../../support/random.js';
import { referenceOutput, relativeDifference } from '../../../support/reference.js';

type Build = (model: OnnxModel, x: Tensor) => Tensor;

interface Case {
  readonly name: string;
  readonly input: readonly [channels: number, height: number, width: number];
  readonly output: readonly [channels: number, height: number, width: number];
  readonly build: Build;
  /** Operations of the graph, without its input. */
  readonly kinds: readonly string[];
  readonly params?: number;
}

const weight = (model: OnnxModel, name: string, ...shape: readonly number[]): Tensor =>
  model.initializer(name, randomValues(elementCount(shape), name.length), shape);

const conv =
  (kernel: number, attributes: Readonly<Record<string, number | string | readonly number[]>>): Build =>
  (model, x) =>
    model.node('Conv', [x, weight(model, 'conv.weight', 2, 2, kernel, kernel)], { name: 'conv', attributes });

const pool =
  (operator: string, attributes: Readonly<Record<string, number | readonly number[]>>): Build =>
  (model, x) =>
    model.node(operator, [x], { name: 'pool', attributes });

/** A row above and a column on the right. Axes are named, since onnxruntime takes a Pad of zeros into a maximum where they are not. */
const around: Build = (model, x) =>
  model.node('Pad', [x, model.integers(1, 0, 0, 1), model.constant(0), model.integers(2, -1)], {
    name: '/pad/Pad',
  });

const swapped = (model: OnnxModel, x: Tensor, ...perm: readonly number[]): Tensor =>
  model.node('Transpose', [x], { attributes: { perm } });

/** From a start to an end along an axis. */
const sliced = (model: OnnxModel, x: Tensor, bounds: readonly [number, number, number]): Tensor =>
  model.node('Slice', [x, ...bounds.map((n) => model.integers(n))]);

const ATTENTION = ['times', 'matMul', 'softmax', 'matMul'];

/** From queries, keys and values of two heads of two channels, one after another along an axis, as PyTorch has it. */
const attended = (
  model: OnnxModel,
  all: Tensor,
  { axis, step }: { readonly axis: number; readonly step: number },
): Tensor => {
  const [query = '', key = '', value = ''] = [0, 1, 2].map((i) => {
    const bounds = [i * step, (i + 1) * step, axis].map((n) => model.integers(n));
    return model.node('Reshape', [model.node('Slice', [all, ...bounds]), model.integers(1, 2, 2, 6)]);
  });
  const scaled = model.node('Mul', [swapped(model, query, 0, 1, 3, 2), model.constant(0.5)]);
  const weights = model.node('Softmax', [model.node('MatMul', [scaled, key])], { attributes: { axis: -1 } });
  const values = model.node('MatMul', [weights, swapped(model, value, 0, 1, 3, 2)]);
  return model.node('Reshape', [swapped(model, values, 0, 1, 3, 2), model.integers(1, 4, 2, 3)]);
};

/** As PyTorch writes torch.nn.functional.normalize. */
const normalised = (model: OnnxModel, x: Tensor, axis: number): Tensor => {
  const norms = model.node('ReduceL2', [x, model.integers(axis)], { attributes: { keepdims: 1 } });
  const limited = model.node('Clip', [norms, model.constant(1e-12), '']);
  return model.node('Div', [x, model.node('Expand', [limited, model.node('Shape', [x])])]);
};

/** As EdgeNeXt computes them: one position for each pixel along an axis, over the last of them. */
const sineCodes = (model: OnnxModel, axis: 1 | 2, [height, width]: readonly [number, number]): Tensor => {
  const ones = model.constant(new Float32Array(height * width).fill(1), [1, height, width]);
  const sums = model.node('CumSum', [ones, model.integers(axis)]);
  const last = model.node('Slice', [sums, ...[-1, 2 ** 40, axis].map((n) => model.integers(n))]);
  const shares = model.node('Div', [sums, model.node('Add', [last, model.constant(1e-6)])]);
  const positions = model.node('Mul', [shares, model.constant(2 * Math.PI)]);
  const periods = model.constant([1, 1, 100, 100]);
  const angles = model.node('Div', [model.node('Unsqueeze', [positions, model.integers(3)]), periods]);
  const every = (start: number, wave: string): Tensor => {
    const bounds = [start, 4, 3, 2].map((n) => model.integers(n));
    return model.node('Unsqueeze', [
      model.node(wave, [model.node('Slice', [angles, ...bounds])]),
      model.integers(4),
    ]);
  };
  const pairs = model.node('Concat', [every(0, 'Sin'), every(1, 'Cos')], { attributes: { axis: 4 } });
  return model.node('Reshape', [pairs, model.integers(1, height, width, 4)]);
};

const CASES: readonly Case[] = [
  {
    name: 'a convolution with more zeros below and right',
    ...{ input: [2, 8, 6], output: [2, 4, 3], kinds: ['pad', 'conv2d'] },
    build: conv(3, { pads: [0, 0, 1, 1], strides: [2, 2] }),
  },
  {
    name: 'a convolution whose padding is unlike, and on both sides',
    ...{ input: [2, 8, 6], output: [2, 4, 3], kinds: ['pad', 'conv2d'] },
    build: conv(5, { pads: [1, 2, 2, 1], strides: [2, 2] }),
  },
  ...(['SAME_UPPER', 'SAME_LOWER'] as const).map(
    (mode): Case => ({
      name: `a convolution padded by ${mode}`,
      ...{ input: [2, 7, 8], output: [2, 4, 4], kinds: ['pad', 'conv2d'] },
      build: conv(3, { auto_pad: mode, strides: [2, 2] }),
    }),
  ),
  {
    name: 'a Pad of zeros that a convolution takes in',
    ...{ input: [2, 6, 6], output: [2, 6, 6], kinds: ['conv2d'] },
    build: (model, x) => {
      const padded = model.node('Pad', [x, model.integers(0, 0, 1, 1, 0, 0, 1, 1)]);
      return conv(3, {})(model, padded);
    },
  },
  {
    name: 'a Pad that two read, of which one is no window',
    ...{ input: [2, 4, 4], output: [2, 5, 5], kinds: ['pad', 'conv2d', 'add'] },
    build: (model, x) => {
      const padded = around(model, x);
      return model.node('Add', [conv(1, {})(model, padded), padded]);
    },
  },
  {
    name: 'a Pad of the nearest values',
    ...{ input: [2, 4, 4], output: [2, 6, 7], kinds: ['pad'] },
    build: (model, x) =>
      model.node('Pad', [x, model.integers(0, 0, 2, 1, 0, 0, 0, 2)], { attributes: { mode: 'edge' } }),
  },
  {
    name: 'a maximum after a Pad of zeros',
    ...{ input: [2, 5, 5], output: [2, 4, 6], kinds: ['conv2d', 'pad', 'pad', 'maxPool'] },
    build: (model, x) => {
      // So far below zero that the padding is the largest value of its windows.
      const bias = model.initializer('conv.bias', Float32Array.of(-20, -30), [2]);
      const negative = model.node('Conv', [x, weight(model, 'conv.weight', 2, 2, 1, 1), bias]);
      const attributes = { kernel_shape: [3, 3], strides: [1, 1], pads: [0, 0, 0, 1] };
      return pool('MaxPool', attributes)(model, around(model, negative));
    },
  },
  ...([5, 6, 7] as const).map(
    (size): Case => ({
      name: `a maximum with ceil_mode of ${size} pixels`,
      input: [2, size, size],
      output: [2, Math.ceil((size - 3) / 2) + 1, Math.ceil((size - 3) / 2) + 1],
      kinds: size === 6 ? ['pad', 'maxPool'] : ['maxPool'],
      build: pool('MaxPool', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
    }),
  ),
  {
    name: 'an average with more padding on one side, which counts',
    ...{ input: [2, 4, 4], output: [2, 2, 2], kinds: ['pad', 'avgPool'] },
    build: pool('AveragePool', {
      kernel_shape: [2, 2],
      strides: [2, 2],
      pads: [1, 0, 0, 0],
      count_include_pad: 1,
    }),
  },
  {
    name: 'nearest neighbours by factors',
    ...{ input: [2, 3, 4], output: [2, 6, 12], kinds: ['resize'] },
    build: (model, x) =>
      model.node('Resize', [x, '', model.constant([1, 1, 2, 3])], {
        attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
      }),
  },
  {
    name: 'a difference',
    ...{ input: [2, 3, 4], output: [2, 3, 4], kinds: ['times', 'activation', 'times', 'add'] },
    build: (model, x) => model.node('Sub', [x, model.node('HardSwish', [model.node('Neg', [x])])]),
  },
  {
    name: 'a value that is doubled and halved 30 times',
    ...{ input: [2, 3, 4], output: [2, 3, 4], kinds: ['activation'] },
    build: (model, x) => model.node('Relu', [doubled(model, x, 30)]),
  },
  {
    name: 'a square of a square',
    ...{ input: [2, 3, 4], output: [2, 3, 4], kinds: ['mul', 'mul'] },
    build: (model, x) => {
      const square = model.node('Mul', [x, x]);
      return model.node('Mul', [square, square]);
    },
  },
  {
    name: 'a mean of two',
    ...{ input: [2, 3, 4], output: [2, 3, 4], kinds: ['conv2d', 'add', 'times'] },
    build: (model, x) =>
      model.node('Div', [model.node('Add', [conv(1, {})(model, x), x]), model.constant(2)]),
  },
  {
    name: 'a leaky ReLU',
    ...{ input: [2, 3, 4], output: [2, 3, 4], kinds: ['leakyRelu'] },
    build: (model, x) => model.node('LeakyRelu', [x], { attributes: { alpha: { float: 0.1 } } }),
  },
  {
    name: 'a PReLU of a slope for each channel',
    ...{ input: [3, 3, 4], output: [3, 3, 4], kinds: ['prelu'], params: 3 },
    build: (model, x) => model.node('PRelu', [x, weight(model, 'act.weight', 3, 1, 1)]),
  },
  {
    name: 'a PReLU of one slope',
    ...{ input: [3, 3, 4], output: [3, 3, 4], kinds: ['prelu'], params: 1 },
    build: (model, x) => model.node('PRelu', [x, weight(model, 'act.weight', 1)]),
  },
  {
    name: 'one learnable factor and offset for all values',
    ...{ input: [3, 3, 4], output: [3, 3, 4], kinds: ['scaleGroups'], params: 2 },
    build: (model, x) =>
      model.node('Add', [
        model.node('Mul', [weight(model, 'lab.scale', 1), x]),
        weight(model, 'lab.bias', 1),
      ]),
  },
  {
    name: 'attention of two heads, the pixels as rows',
    ...{ input: [12, 2, 3], output: [4, 2, 3], kinds: ['slice', 'slice', 'slice', ...ATTENTION] },
    build: (model, x) =>
      attended(model, model.node('Reshape', [x, model.integers(1, 3, 4, 6)]), { axis: 1, step: 1 }),
  },
  {
    name: 'attention of two heads, whose channels lie between those of its queries, keys and values',
    ...{
      input: [12, 2, 3],
      output: [4, 2, 3],
      kinds: [
        ...['permuteChannels', 'slice', 'slice', 'slice', 'times'],
        ...['permuteChannels', 'permuteChannels', 'matMul', 'softmax', 'permuteChannels', 'matMul'],
      ],
    },
    build: (model, x) =>
      attended(model, model.node('Reshape', [x, model.integers(1, 2, 6, 6)]), { axis: 2, step: 2 }),
  },
  {
    name: 'attention among the pixels at the same place of their blocks',
    ...{
      input: [3, 4, 6],
      output: [3, 4, 6],
      kinds: ['spaceToDepth', 'matMul', 'softmax', 'matMul', 'depthToSpace'],
    },
    build: (model, x) => {
      const blocks = model.node('Reshape', [x, model.integers(1, 3, 2, 2, 3, 2)]);
      const apart = model.node('Transpose', [blocks], { attributes: { perm: [0, 3, 5, 2, 4, 1] } });
      const tokens = model.node('Reshape', [apart, model.integers(4, 6, 3)]);
      const scores = model.node('MatMul', [tokens, swapped(model, tokens, 0, 2, 1)]);
      const values = model.node('MatMul', [model.node('Softmax', [scores]), tokens]);
      const places = model.node('Reshape', [values, model.integers(1, 2, 2, 2, 3, 3)]);
      const back = model.node('Transpose', [places], { attributes: { perm: [0, 5, 3, 1, 4, 2] } });
      return model.node('Reshape', [back, model.integers(1, 3, 4, 6)]);
    },
  },
  {
    name: "channels as blocks of pixels, in PyTorch's order",
    ...{ input: [8, 2, 3], output: [2, 4, 6], kinds: ['permuteChannels', 'depthToSpace'] },
    build: (model, x) => model.node('DepthToSpace', [x], { attributes: { blocksize: 2, mode: 'CRD' } }),
  },
  {
    name: 'a factor of one channel',
    ...{ input: [3, 2, 4], output: [3, 2, 4], kinds: ['slice', 'mul'] },
    build: (model, x) => model.node('Mul', [sliced(model, x, [0, 1, 1]), x]),
  },
  {
    name: 'a pixel added to every pixel',
    ...{ input: [3, 2, 4], output: [3, 2, 4], kinds: ['globalAvgPool', 'resize', 'add'] },
    build: (model, x) => model.node('Add', [x, model.node('GlobalAveragePool', [x])]),
  },
  {
    name: 'a sum over all pixels',
    ...{ input: [3, 2, 4], output: [3, 1, 1], kinds: ['globalAvgPool', 'times'] },
    build: (model, x) => model.node('ReduceSum', [x, model.integers(2, 3)], { attributes: { keepdims: 1 } }),
  },
  ...(
    [
      ['pieces of a row', 2, [4, 2]],
      ['whole rows', 8, [2, 1]],
    ] as const
  ).map(
    ([name, size, pixels]): Case => ({
      name: `means over ${name}`,
      ...{ input: [3, 4, 4], output: [3, ...pixels], kinds: ['avgPool'] },
      build: (model, x) => {
        const row = model.node('Reshape', [x, model.integers(1, 3, 16)]);
        const means = model.node('AveragePool', [row], {
          attributes: { kernel_shape: [size], strides: [size] },
        });
        return model.node('Reshape', [means, model.integers(1, 3, ...pixels)]);
      },
    }),
  ),
  {
    name: 'separable attention on unfolded blocks',
    ...{
      input: [3, 4, 6],
      output: [3, 4, 6],
      kinds: [
        ...['slice', 'spaceToDepth', 'pixelSoftmax', 'depthToSpace', 'mul', 'spaceToDepth', 'globalAvgPool'],
        ...['times', 'activation', 'spaceToDepth', 'mul', 'depthToSpace'],
      ],
    },
    build: (model, x) => {
      const places = (count: number): Tensor =>
        model.node('Reshape', [
          model.integers(
            ...Array.from({ length: 2 * count }, (_, i) => Math.floor(i / count) + 2 * (i % count)),
          ),
          model.integers(2, count),
        ]);
      const rows = model.node('Gather', [x, places(2)], { attributes: { axis: 2 } });
      const blocks = model.node('Gather', [rows, places(3)], { attributes: { axis: 4 } });
      const apart = swapped(model, blocks, 0, 1, 2, 4, 3, 5);
      const tokens = model.node('Reshape', [apart, model.integers(1, 3, 4, 6)]);
      const weights = model.node('Softmax', [sliced(model, tokens, [0, 1, 1])]);
      const context = model.node('ReduceSum', [model.node('Mul', [tokens, weights]), model.integers(-1)], {
        attributes: { keepdims: 1 },
      });
      const values = model.node('Mul', [model.node('Relu', [tokens]), context]);
      const folded = model.node('Reshape', [values, model.integers(1, 12, 2, 3)]);
      return model.node('DepthToSpace', [folded], { attributes: { blocksize: 2, mode: 'CRD' } });
    },
  },
  {
    name: 'channels over their L2 norm, the pixels as rows',
    ...{ input: [3, 2, 4], output: [3, 2, 4], kinds: ['l2Norm'] },
    build: (model, x) => {
      const rows = swapped(model, model.node('Reshape', [x, model.integers(1, 3, 8)]), 0, 2, 1);
      const turned = swapped(model, normalised(model, rows, -1), 0, 2, 1);
      return model.node('Reshape', [turned, model.integers(1, 3, 2, 4)]);
    },
  },
  {
    name: 'attention between channels over their L2 norms, with a temperature for each head',
    ...{
      input: [4, 2, 3],
      output: [4, 2, 3],
      kinds: ['activation', 'l2Norm', 'l2Norm', 'matMul', 'scaleGroups', 'pixelSoftmax', 'matMul'],
      params: 2,
    },
    build: (model, x) => {
      const heads = model.node('Reshape', [x, model.integers(1, 2, 2, 6)]);
      const keys = normalised(model, model.node('Relu', [heads]), 3);
      const scores = model.node('MatMul', [normalised(model, heads, -1), swapped(model, keys, 0, 1, 3, 2)]);
      const scaled = model.node('Mul', [scores, weight(model, 'attention.temperature', 2, 1, 1)]);
      const values = model.node('MatMul', [model.node('Softmax', [scaled]), heads]);
      return model.node('Reshape', [values, model.integers(1, 4, 2, 3)]);
    },
  },
  {
    name: 'a factor and an offset for each group of channels',
    ...{ input: [6, 2, 3], output: [6, 2, 3], kinds: ['scaleGroups'], params: 4 },
    build: (model, x) => {
      const groups = model.node('Reshape', [x, model.integers(1, 2, 18)]);
      const scaled = model.node('Mul', [weight(model, 'groups.weight', 2, 1), groups]);
      const moved = model.node('Add', [scaled, weight(model, 'groups.bias', 2, 1)]);
      return model.node('Reshape', [moved, model.integers(1, 6, 2, 3)]);
    },
  },
  {
    name: 'positions that are computed and projected, added to pixels as rows',
    ...{ input: [3, 2, 4], output: [3, 2, 4], kinds: ['addPositions'], params: 3 * 8 + 3 },
    build: (model, x) => {
      const codes = ([1, 2] as const).map((axis) => sineCodes(model, axis, [2, 4]));
      const map = swapped(model, model.node('Concat', codes, { attributes: { axis: 3 } }), 0, 3, 1, 2);
      const layer = [weight(model, 'positions.weight', 3, 8, 1, 1), weight(model, 'positions.bias', 3)];
      const projected = model.node('Conv', [map, ...layer], { name: 'positions' });
      const rows = (tensor: Tensor): Tensor =>
        swapped(model, model.node('Reshape', [tensor, model.integers(1, 3, 8)]), 0, 2, 1);
      const sum = swapped(model, model.node('Add', [rows(x), rows(projected)]), 0, 2, 1);
      return model.node('Reshape', [sum, model.integers(1, 3, 2, 4)]);
    },
  },
  {
    name: 'maps that are stacked and summed up',
    ...{ input: [3, 2, 4], output: [3, 2, 4], kinds: ['activation', 'concat', 'slice', 'slice', 'add'] },
    build: (model, x) => {
      const maps = [x, model.node('Relu', [x])].map((map) =>
        model.node('Unsqueeze', [map, model.integers(1)]),
      );
      const stack = model.node('Concat', maps, { attributes: { axis: 1 } });
      return model.node('ReduceSum', [stack, model.integers(1)], { attributes: { keepdims: 0 } });
    },
  },
  {
    name: 'split attention of two groups of channels',
    ...{
      input: [6, 2, 4],
      output: [3, 2, 4],
      kinds: [
        ...['globalAvgPool', 'permuteChannels', 'softmax', 'permuteChannels', 'mul'],
        ...['slice', 'slice', 'add'],
      ],
    },
    build: (model, x) => {
      const groups = (map: Tensor, ...size: readonly number[]): Tensor =>
        model.node('Reshape', [map, model.integers(1, 2, 3, ...size)]);
      const pooled = groups(model.node('GlobalAveragePool', [x]), 1, 1);
      const weights = model.node('Softmax', [pooled], { attributes: { axis: 1 } });
      const weighted = model.node('Mul', [groups(x, 2, 4), weights]);
      return model.node('ReduceSum', [weighted, model.integers(1)], { attributes: { keepdims: 0 } });
    },
  },
  {
    name: 'an instance norm with factors',
    ...{ input: [3, 3, 4], output: [3, 3, 4], kinds: ['groupNorm'], params: 6 },
    build: (model, x) =>
      model.node('InstanceNormalization', [
        x,
        weight(model, 'norm.weight', 3),
        weight(model, 'norm.bias', 3),
      ]),
  },
];

describe.each(CASES)('$name', ({ input, output, build, kinds, params }) => {
  const model = new OnnxModel('test');
  model.output(build(model, model.input('input', 'float32', [1, ...input])), 'float32', [1, ...output]);
  const bytes = model.serialize();

  it('is read as what it is', async () => {
    const { graph, weights } = importOnnx(bytes).build(input, 'map');
    expect(graph.nodes.slice(1).map(({ op }) => op.kind)).toEqual(kinds);
    if (params !== undefined) expect(cost(graph).params).toBe(params);
    const images = randomValues(elementCount(input), 1, 3);
    const original = await createModelPredictor(bytes, sessionSettings(1, 'cpu'));
    const expected = await original.run(images);
    const found = referenceOutput(graph, weights(), images, { batch: 1, mode: 'inference' });
    expect(relativeDifference(found, expected)).toBeLessThan(1e-5);
    await original.dispose();
  });
});
