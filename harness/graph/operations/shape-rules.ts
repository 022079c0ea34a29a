/** Output shape of every operation, and the checks that its inputs must pass. Errors are completed with the path by the builder. */
import { UserError } from '../../user/user-error.js';
import { divisorsNear, greatestCommonDivisor } from '../channel-arithmetic.js';
import { formatShape, isMap, isSameShape, type MapShape, type Shape, type VectorShape } from '../shape.js';
import { linearAttentionShape, productShape } from './matrix-product.js';
import { applyRule, type Op, type Pair, type RuleTable } from './ops.js';

export const outputShape = (op: Op, inputs: readonly Shape[]): Shape => applyRule(shapeRules, op, inputs);

const shapeRules: RuleTable<[inputs: readonly Shape[]], Shape> = {
  input: ({ shape: [channels, height, width] }) => [channels, height, width],
  conv2d: (op, inputs) => {
    const [channels, height, width] = oneMap(inputs);
    const both = greatestCommonDivisor(channels, op.outChannels);
    divides(op.groups, channels, 'input channels', both);
    divides(op.groups, op.outChannels, 'output channels', both);
    return [op.outChannels, ...windowed([height, width], op)];
  },
  channelConv: (op, inputs) => {
    const [channels, height, width] = oneMap(inputs);
    const [depth, kernelHeight, kernelWidth] = op.kernel;
    const padded = channels + op.channelPadding[0] + op.channelPadding[1];
    fits(depth, padded, 'channels');
    fits(kernelHeight, height, 'height');
    fits(kernelWidth, width, 'width');
    const maps = Math.floor((padded - depth) / op.channelStride) + 1;
    return [op.filters * maps, height - kernelHeight + 1, width - kernelWidth + 1];
  },
  dense: (op, inputs) => {
    oneVector(inputs);
    return [op.outFeatures];
  },
  batchNorm: (_op, inputs) => oneMap(inputs),
  scale: (_op, inputs) => oneMap(inputs),
  scaleGroups: (op, inputs) => {
    const shape = oneMap(inputs);
    divides(op.groups, shape[0], 'channels');
    return shape;
  },
  layerNorm: (_op, inputs) => oneMap(inputs),
  groupNorm: (op, inputs) => {
    const shape = oneMap(inputs);
    divides(op.groups, shape[0], 'channels');
    return shape;
  },
  l2Norm: (_op, inputs) => oneMap(inputs),
  addPositions: (_op, inputs) => oneMap(inputs),
  activation: (_op, inputs) => one(inputs),
  leakyRelu: (_op, inputs) => one(inputs),
  prelu: (_op, inputs) => oneMap(inputs),
  times: (_op, inputs) => one(inputs),
  add: (_op, inputs) => {
    const [first, ...rest] = inputs;
    if (!first || rest.length === 0)
      throw new UserError(`got ${inputs.length} inputs`, 'An add takes two or more.');
    for (const shape of rest) sameShape(first, shape);
    return first;
  },
  mul: (_op, inputs) => {
    const [first, second] = two(inputs);
    if (!isMap(first) || !isMap(second) || !isBroadcast(first, second))
      sameShape(first, second, ', or give a second of one pixel per channel, or of one channel');
    return first;
  },
  concat: (_op, inputs) => {
    const maps = inputs.map(map);
    const [first] = maps;
    if (!first) throw new UserError('got no inputs', 'A concat takes one or more.');
    for (const shape of maps) sameSize(first, shape);
    return [maps.reduce((sum, [channels]) => sum + channels, 0), first[1], first[2]];
  },
  slice: (op, inputs) => {
    const [channels, height, width] = oneMap(inputs);
    if (op.end <= op.start || op.end > channels) {
      throw new UserError(
        `takes channels ${op.start} to ${op.end} of ${channels}`,
        `Choose 0 <= start < end <= ${channels}.`,
      );
    }
    return [op.end - op.start, height, width];
  },
  permuteChannels: (op, inputs) => {
    const shape = oneMap(inputs);
    divides(op.groups, shape[0], 'channels');
    return shape;
  },
  globalAvgPool: (_op, inputs) => [oneMap(inputs)[0], 1, 1],
  avgPool: (op, inputs) => pooled(op, inputs),
  maxPool: (op, inputs) => pooled(op, inputs),
  pad: ({ padding: [top, left, bottom, right] }, inputs) => {
    const [channels, height, width] = oneMap(inputs);
    return [channels, top + height + bottom, left + width + right];
  },
  resize: ({ size: [height, width] }, inputs) => [oneMap(inputs)[0], height, width],
  matMul: (op, inputs) => {
    const [x, y] = two(inputs).map(map) as [MapShape, MapShape];
    divides(op.groups, x[0], 'channels of the first input');
    if (!op.shared) divides(op.groups, y[0], 'channels of the second input');
    return productShape(op, x, y);
  },
  linearAttention: ({ heads }, inputs) => {
    const [query, key, value, ...others] = inputs.map(map);
    if (!query || !key || !value || others.length > 0)
      throw new UserError(`got ${inputs.length} inputs`, 'It takes queries, keys and values.');
    divides(heads, query[0], 'channels of the queries');
    divides(heads, value[0], 'channels of the values');
    return linearAttentionShape(query, key, value);
  },
  softmax: (op, inputs) => {
    const shape = oneMap(inputs);
    divides(op.groups, shape[0], 'channels');
    return shape;
  },
  pixelSoftmax: (_op, inputs) => oneMap(inputs),
  spaceToDepth: ({ size }, inputs) => {
    const [channels, height, width] = oneMap(inputs);
    if (height % size !== 0 || width % size !== 0) {
      throw new UserError(
        `blocks of ${size}x${size} do not divide a map of ${height}x${width}`,
        'Use a block size that divides both, or pad the map before it.',
      );
    }
    return [size ** 2 * channels, height / size, width / size];
  },
  depthToSpace: ({ size }, inputs) => {
    const [channels, height, width] = oneMap(inputs);
    divides(size ** 2, channels, 'channels');
    return [channels / size ** 2, height * size, width * size];
  },
  flatten: (_op, inputs) => [oneMap(inputs).reduce((product, n) => product * n, 1)],
};

const isBroadcast = ([channels, height, width]: MapShape, factor: MapShape): boolean =>
  isSameShape(factor, [channels, 1, 1]) || isSameShape(factor, [1, height, width]);

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation?: Pair;
}

/** A window without a pixel of the map has no average or maximum. */
const pooled = (op: Window, inputs: readonly Shape[]): MapShape => {
  const [channels, height, width] = oneMap(inputs);
  if (op.padding[0] >= op.kernel[0] || op.padding[1] >= op.kernel[1]) {
    throw new UserError(
      `padding=${formatShape(op.padding)} lets a window of ${formatShape(op.kernel)} fall entirely on padding`,
      'Use less padding than the kernel size.',
    );
  }
  return [channels, ...windowed([height, width], op)];
};

/** floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1 on both axes. */
const windowed = (size: Pair, { kernel, stride, padding, dilation = [1, 1] }: Window): Pair => {
  const along = (axis: 0 | 1, name: string): number => {
    const padded = size[axis] + 2 * padding[axis];
    const extent = dilation[axis] * (kernel[axis] - 1) + 1;
    fits(extent, padded, name);
    return Math.floor((padded - extent) / stride[axis]) + 1;
  };
  return [along(0, 'height'), along(1, 'width')];
};

const fits = (extent: number, padded: number, axis: string): void => {
  if (extent <= padded) return;
  throw new UserError(
    `its kernel spans ${extent} but the padded ${axis} is ${padded}`,
    `Use a kernel of at most ${padded}, more padding, a larger input, or a smaller stride before it.`,
  );
};

/** The numbers of groups that are offered instead divide `admissible`. */
const divides = (groups: number, count: number, what: string, admissible = count): void => {
  if (count % groups === 0) return;
  const nearest = divisorsNear(admissible, groups);
  throw new UserError(
    `${groups} groups do not divide ${count} ${what}`,
    nearest.length === 1
      ? `The nearest valid number of groups is ${nearest}.`
      : `The nearest valid numbers of groups are ${nearest.join(' and ')}.`,
  );
};

const one = (inputs: readonly Shape[]): Shape => {
  const [shape] = inputs;
  if (!shape || inputs.length !== 1)
    throw new UserError(`got ${inputs.length} inputs`, 'It takes exactly one.');
  return shape;
};

const two = (inputs: readonly Shape[]): readonly [Shape, Shape] => {
  const [first, second] = inputs;
  if (first && second && inputs.length === 2) return [first, second];
  throw new UserError(`got ${inputs.length} inputs`, 'It takes exactly two.');
};

const map = (shape: Shape): MapShape => {
  if (isMap(shape)) return shape;
  throw new UserError(`got a vector of ${shape[0]} features`, 'Pass a map of channels x height x width.');
};

const oneMap = (inputs: readonly Shape[]): MapShape => map(one(inputs));

const oneVector = (inputs: readonly Shape[]): VectorShape => {
  const shape = one(inputs);
  if (!isMap(shape)) return shape;
  throw new UserError(`got a map of ${formatShape(shape)}`, 'Flatten the map to a vector first.');
};

const sameShape = (expected: Shape, received: Shape, otherwise = ''): void => {
  if (isSameShape(expected, received)) return;
  throw new UserError(
    `got inputs of ${formatShape(expected)} and ${formatShape(received)}`,
    `Make the shapes equal${otherwise}.`,
  );
};

const sameSize = (expected: MapShape, received: MapShape): void => {
  if (expected[1] === received[1] && expected[2] === received[2]) return;
  throw new UserError(
    `got maps of ${formatShape(expected)} and ${formatShape(received)}`,
    'Make the heights and widths equal.',
  );
};
