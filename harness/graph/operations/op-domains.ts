/** What every attribute of every operation may be. What depends on the inputs as well is checked with the shapes. */
import { UserError } from '../../user/user-error.js';
import { type Domains, flag, listOf, oneOf, real, requireRecord, whole } from '../domain.js';
import {
  ACTIVATIONS,
  FILLS,
  MATRIX_PRODUCTS,
  NORM_AXES,
  type Op,
  type OpAttributes,
  type OpKind,
} from './ops.js';

/** The most channels, features, pixels, taps or groups in a row. */
export const LONGEST_AXIS = 2 ** 20;

/** How many there are along an axis. */
export const count = whole(1, LONGEST_AXIS);

export const activationFunction = oneOf(ACTIVATIONS);

/** Throws UserError naming `where`, the attribute, its value and what is expected. */
export const requireAttributes = (op: Op, where: () => string): void =>
  requireRecord<object>(op, opDomains[op.kind], where);

/** Throws UserError where a value from elsewhere is no operation of a known kind. Its attributes are checked by `requireAttributes`. */
export function requireKind(value: unknown, where: string): asserts value is Op {
  const kind = typeof value === 'object' && value !== null && Object.hasOwn(value, 'kind') && 'kind' in value;
  if (kind && typeof value.kind === 'string' && Object.hasOwn(opDomains, value.kind)) return;
  throw new UserError(
    `${where} holds no known operation.`,
    `The kind of an operation is one of ${Object.keys(opDomains).join(', ')}.`,
  );
}

const countOrNone = whole(0, LONGEST_AXIS);

const pair = listOf(count, 'height', 'width');

const window = { kernel: pair, stride: pair, padding: listOf(countOrNone, 'height', 'width') };

/** In float32 a smaller epsilon would not save values without variance. */
const epsilon = real(1e-12, 1);

const opDomains: { readonly [K in OpKind]: Domains<OpAttributes[K]> } = {
  input: { shape: listOf(count, 'channels', 'height', 'width') },
  conv2d: { outChannels: count, ...window, dilation: pair, groups: count, bias: flag },
  channelConv: {
    filters: count,
    kernel: listOf(count, 'depth', 'height', 'width'),
    channelStride: count,
    channelPadding: listOf(countOrNone, 'before', 'after'),
  },
  dense: { outFeatures: count, bias: flag },
  batchNorm: { epsilon },
  scale: { bias: flag },
  scaleGroups: { groups: count, bias: flag },
  layerNorm: { epsilon },
  groupNorm: { groups: count, epsilon },
  l2Norm: { over: oneOf(NORM_AXES), epsilon },
  addPositions: { codes: count, temperature: real(1, LONGEST_AXIS) },
  activation: { function: activationFunction },
  leakyRelu: { slope: real(0, 1) },
  prelu: { perChannel: flag },
  times: { factor: real(-LONGEST_AXIS, LONGEST_AXIS) },
  add: {},
  mul: {},
  concat: {},
  slice: { start: countOrNone, end: count },
  permuteChannels: { groups: count },
  globalAvgPool: {},
  avgPool: window,
  maxPool: window,
  pad: { padding: listOf(countOrNone, 'top', 'left', 'bottom', 'right'), fill: oneOf(FILLS) },
  resize: { size: pair },
  matMul: { product: oneOf(MATRIX_PRODUCTS), groups: count, shared: flag },
  linearAttention: { heads: count, epsilon },
  softmax: { groups: count },
  pixelSoftmax: {},
  spaceToDepth: { size: count },
  depthToSpace: { size: count },
  flatten: {},
};
