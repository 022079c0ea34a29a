/** What cannot be read is refused in one sentence that names the node, and nothing else is thrown. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OnnxModel, type Tensor } from '../../../../harness/engines/onnx/model.js';
import { positionCodes } from '../../../../harness/graph/operations/position-codes.js';
import { importOnnx } from '../../../../harness/import/onnx/import-onnx.js';
import { UserError } from '../../../../harness/user/user-error.js';
import { doubled } from '../../../support/onnx-nodes.js';
import { refusalOf } from '../../../support/refusal.js';

const file = (build: (model: OnnxModel, x: Tensor) => Tensor, shape: (number | null)[] = [null, 4, 6, 6]) => {
  const model = new OnnxModel('test');
  model.output(build(model, model.input('input', 'float32', shape)), 'float32', [null, 4, 6, 6]);
  return model.serialize();
};

const read = (bytes: Uint8Array) => importOnnx(bytes).build([4, 6, 6], 'map');

const pooled = (model: OnnxModel, x: Tensor, attributes: Record<string, number | readonly number[]>) =>
  model.node('MaxPool', [x], { name: 'pool', attributes: { kernel_shape: [3, 3], ...attributes } });

/** Codes of the positions of a square map, and a number added to each of them, projected to four channels. */
const convolved = (m: OnnxModel, size: number, added = 0): Tensor => {
  const codes = positionCodes({ codes: 2, temperature: 10_000 }, [size, size]).map((code) => code + added);
  const weights = [m.initializer('p.weight', new Float32Array(16), [4, 4, 1, 1])];
  const bias = m.initializer('p.bias', new Float32Array(4), [4]);
  return m.node('Conv', [m.constant(codes, [1, 4, size, size]), ...weights, bias], { name: 'conv' });
};

const CASES: readonly (readonly [string, Uint8Array, RegExp])[] = [
  [
    'an unknown operator',
    file((m, x) => m.node('Hardmax', [x], { name: '/a/Hardmax' })),
    /^node '\/a\/Hardmax' \(Hardmax\): lightbench has no counterpart/,
  ],
  [
    'attention between rows',
    file((m, x) => m.node('MatMul', [x, x], { name: 'mm' })),
    /^node 'mm' \(MatMul\): it multiplies two values of the network, and takes something other than the pixels/,
  ],
  [
    'attention between two heads and three',
    file((m, x) => {
      const heads = (count: number, tensor: Tensor): Tensor =>
        m.node('Reshape', [tensor, m.integers(1, count, -1, 36)]);
      const turned = m.node('Transpose', [heads(2, x)], { attributes: { perm: [0, 1, 3, 2] } });
      const six = m.node('Concat', [x, m.node('Slice', [x, m.integers(0), m.integers(2), m.integers(1)])], {
        attributes: { axis: 1 },
      });
      return m.node('MatMul', [turned, heads(3, six)], { name: 'mm' });
    }),
    /^node 'mm' \(MatMul\): it multiplies 3 matrices by 2/,
  ],
  [
    'values with ones that no attention follows',
    file((m, x) => {
      const pixels = m.node('Reshape', [x, m.integers(0, 4, 36)]);
      const ones = m.node('Pad', [pixels, m.integers(0, 0, 0, 0, 1, 0), m.constant(1)]);
      return m.node('Relu', [ones], { name: 'relu' });
    }),
    /^node 'relu' \(Relu\): it reads a step of linear attention, and is not the next one/,
  ],
  ...(
    [
      ['read alone', (m, norms) => m.node('Relu', [norms], { name: 'last' })],
      [
        'that divides another value',
        (m, norms, x) =>
          m.node('Div', [m.node('Relu', [x]), m.node('Max', [norms, m.constant(1)])], { name: 'last' }),
      ],
      ['that is divided', (m, norms, x) => m.node('Div', [norms, x], { name: 'last' })],
      ['with a number added', (m, norms) => m.node('Add', [norms, m.constant(1)], { name: 'last' })],
    ] as const satisfies readonly (readonly [string, (m: OnnxModel, norms: Tensor, x: Tensor) => Tensor])[]
  ).map(
    ([what, build]) =>
      [
        `an L2 norm ${what}`,
        file((m, x) => build(m, m.node('ReduceL2', [x, m.integers(1)]), x)),
        /^node 'last' \(\w+\): it reads L2 norms, by which only the value that they are of can be divided/,
      ] as const,
  ),
  [
    'a quotient by an L2 norm that may be zero',
    file((m, x) => m.node('Div', [x, m.node('ReduceL2', [x, m.integers(1)])], { name: 'div' })),
    /^node 'div' \(Div\): it divides by an L2 norm that may be zero/,
  ],
  [
    'an L2 norm along the rows',
    file((m, x) => m.node('ReduceL2', [x, m.integers(2)], { name: 'norm' })),
    /^node 'norm' \(ReduceL2\): it is over neither the channels of every pixel nor/,
  ],
  [
    'a norm as its output',
    file((m, x) => m.node('ReduceL2', [x, m.integers(1)], { name: 'norm' })),
    /an L2 norm is read alone/,
  ],
  [
    'a constant that is convolved, and no codes of positions',
    file((m, x) => m.node('Add', [x, convolved(m, 4, 0.5)])),
    /^node 'conv' \(Conv\): it convolves a constant that is not the sine codes of positions/,
  ],
  [
    'codes of positions for a map of another size',
    file((m, x) => m.node('Add', [x, convolved(m, 5)], { name: 'add' })),
    /^node 'add' \(Add\): it reads codes of positions, which can only be added to a map of their size/,
  ],
  [
    'a product with codes of positions',
    file((m, x) => m.node('Mul', [x, convolved(m, 6)], { name: 'mul' })),
    /^node 'mul' \(Mul\): it reads codes of positions/,
  ],
  [
    'a sum over many channels',
    file((m, x) => {
      const wide = m.node('Concat', [x, x, x, x, x], { attributes: { axis: 1 } });
      return m.node('ReduceSum', [wide, m.integers(1)], { name: 'sum' });
    }),
    /^node 'sum' \(ReduceSum\): it sums up 20 groups of channels/,
  ],
  [
    'images that are joined to a larger batch',
    file((m, x) => m.node('Concat', [x, x], { name: 'batch', attributes: { axis: 0 } })),
    /^node 'batch' \(Concat\): it joins along something other than the channels/,
  ],
  [
    'a softmax along the rows',
    file((m, x) => m.node('Softmax', [x], { name: 'sm', attributes: { axis: 2 } })),
    /^node 'sm' \(Softmax\): it /,
  ],
  [
    'blocks that do not divide the map',
    file((m, x) => m.node('SpaceToDepth', [x], { name: 'blocks', attributes: { blocksize: 4 } })),
    /^node 'blocks' \(SpaceToDepth\): blocks of 4x4 do not divide a map of 6x6/,
  ],
  [
    'an unknown activation',
    file((m, x) => m.node('Tanh', [x], { name: 'tanh' })),
    /^node 'tanh' \(Tanh\): what it computes of each value is no activation/,
  ],
  [
    'a ReLU up to 10',
    file((m, x) => m.node('Clip', [x, m.constant(0), m.constant(10)], { name: 'clip' })),
    /^node 'clip' \(Clip\): what it computes of each value is no activation/,
  ],
  [
    'a function of 66 operations',
    file((m, x) => doubled(m, x, 33)),
    /^node '.*' \(Add\): it is one of more than 64 operations that compute a function of each value/,
  ],
  [
    'a quotient',
    file((m, x) => m.node('Div', [x, m.node('Relu', [x])], { name: 'div' })),
    /^node 'div' \(Div\): both its inputs depend on the image/,
  ],
  [
    'an average window beyond the map',
    file((m, x) =>
      m.node('AveragePool', [x], {
        name: 'pool',
        attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
      }),
    ),
    /^node 'pool' \(AveragePool\): with ceil_mode/,
  ],
  [
    'padding by reflection',
    file((m, x) =>
      m.node('Pad', [x, m.integers(0, 0, 1, 1, 0, 0, 1, 1)], {
        name: 'pad',
        attributes: { mode: 'reflect' },
      }),
    ),
    /^node 'pad' \(Pad\): it pads with other than/,
  ],
  [
    'interpolation',
    file((m, x) =>
      m.node('Resize', [x, '', '', m.integers(1, 4, 12, 12)], { name: 'up', attributes: { mode: 'linear' } }),
    ),
    /^node 'up' \(Resize\): it resizes by the mode linear/,
  ],
  [
    'a layer norm over the pixels of a row',
    file((m, x) =>
      m.node('LayerNormalization', [x, m.initializer('n.weight', new Float32Array(6), [6])], {
        name: 'norm',
      }),
    ),
    /^node 'norm' \(LayerNormalization\): it normalises something other than the channels/,
  ],
  [
    'a batch norm without scale and shift',
    file((m, x) => {
      const statistics = ['mean', 'var'].map((name) =>
        m.initializer(`n.running_${name}`, new Float32Array(4).fill(1), [4]),
      );
      const zeros = m.node('ConstantOfShape', [m.integers(4)]);
      const ones = m.node('Add', [zeros, m.constant(1)]);
      return m.node('BatchNormalization', [x, ones, zeros, ...statistics], { name: 'norm' });
    }),
    /^node 'norm' \(BatchNormalization\): it is a batch norm without scale and shift \(affine=False\)/,
  ],
  [
    'a group norm without factors',
    file((m, x) => {
      const groups = m.node('Reshape', [x, m.integers(0, 2, 72)]);
      const [ones, zeros] = [m.constant([1, 1]), m.constant([0, 0])];
      const normalised = m.node('InstanceNormalization', [groups, ones, zeros], { name: '/gn/Norm' });
      return m.node('Reshape', [normalised, m.integers(0, 4, 6, 6)]);
    }),
    /^gn.norm: this group norm has no factor and offset/,
  ],
  ['a dilated pool', file((m, x) => pooled(m, x, { dilations: [2, 2] })), /its window is dilated/],
  [
    'a mean over the channels',
    file((m, x) => m.node('ReduceMean', [x, m.integers(1)], { name: 'mean' })),
    /averages over something other than all pixels/,
  ],
  [
    'a transposed map',
    file((m, x) =>
      m.node('Concat', [m.node('Transpose', [x], { attributes: { perm: [0, 2, 1, 3] } }), x], {
        name: 'cat',
        attributes: { axis: 1 },
      }),
    ),
    /^node 'cat'/,
  ],
  [
    'a cut of the rows',
    file((m, x) => m.node('Slice', [x, m.integers(0), m.integers(3), m.integers(2)], { name: 'cut' })),
    /cuts something other than the channels/,
  ],
  [
    'an input of other channels',
    file((m, x) => m.node('Relu', [x]), [null, 3, 6, 6]),
    /takes images of 3 channels, not of 4/,
  ],
  ['an input without pixels', file((m, x) => m.node('Relu', [x]), [null, 4]), /has 2 axes/],
  [
    'an output that is constant',
    file((m, x) => m.node('Add', [m.constant([1, 2]), m.constant([x.length, 2])])),
    /does not depend on the image/,
  ],
];

describe.each<readonly [string, string, (m: OnnxModel, logits: Tensor) => Tensor]>([
  ...['Softmax', 'LogSoftmax', 'Sigmoid', 'HardSigmoid'].map(
    (operator) =>
      [operator, operator, (m: OnnxModel, x: Tensor) => m.node(operator, [x], { name: 'last' })] as const,
  ),
  [
    'a hard sigmoid written out',
    'Div',
    (m, x) => {
      const limited = m.node('Clip', [m.node('Add', [x, m.constant(3)]), m.constant(0), m.constant(6)]);
      return m.node('Div', [limited, m.constant(6)], { name: 'last' });
    },
  ],
  [
    'a sigmoid written out',
    'Reciprocal',
    (m, x) => {
      const exponential = m.node('Exp', [m.node('Neg', [x])]);
      return m.node('Reciprocal', [m.node('Add', [exponential, m.constant(1)])], { name: 'last' });
    },
  ],
])('a network that ends in %s', (_name, operator, probabilities) => {
  const ending = (after: (m: OnnxModel, probabilities: Tensor) => Tensor) =>
    file((m, x) => {
      const features = m.node('Flatten', [m.node('GlobalAveragePool', [x])]);
      const logits = m.node('Gemm', [features, m.initializer('fc.weight', new Float32Array(12), [4, 3])]);
      return after(m, probabilities(m, logits));
    });

  it.each([
    ['alone', ending((_m, x) => x)],
    ['and a Reshape', ending((m, x) => m.node('Reshape', [m.node('Identity', [x]), m.integers(0, -1)]))],
  ])('%s gives no logits', async (_what, bytes) => {
    expect(await refusalOf(() => importOnnx(bytes).build([4, 6, 6], 'vector'))).toMatch(
      `node 'last' (${operator}): the network ends in it, and must give logits`,
    );
  });
});

describe('a file', () => {
  it.each(CASES)('with %s is refused', async (_what, bytes, expected) => {
    expect(await refusalOf(() => read(bytes))).toMatch(expected);
  });

  it('of any bytes is refused, or read', () => {
    const whole = file((m, x) => m.node('Relu', [m.node('Add', [x, m.constant([1, 2, 3, 4], [4, 1, 1])])]));
    const damaged = fc
      .tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(whole.length))
      .map(([at, byte, length]) => {
        const bytes = whole.slice();
        bytes[at] = byte;
        return length % 3 === 0 ? bytes.subarray(0, length) : bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
