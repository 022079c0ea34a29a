/**
 * onnxruntime's blocked convolution, `com.microsoft.nchwc.Conv`, with one filter a channel: the fastest pass it has over two tensors.
 *
 * Its channels come in blocks of B that lie innermost, [channels / B, H, W, B]. Rows whose lanes are B images (see `context.ts`)
 * are in that order as they stand, with a channel for every channel of every image; so is any row taken as B interleaved parts.
 */
import type { Pair } from '../../../../graph/operations/ops.js';
import { BLOCKED_DOMAIN } from '../../block-size.js';
import type { Attribute, Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { FusableActivation } from '../maps/activations.js';

export interface BlockedConvolution {
  /** A multiple of the block. */
  readonly channels: number;
  readonly input: Pair;
  readonly kernel: Pair;
  readonly stride?: Pair;
  readonly dilation?: Pair;
  /** Rows and columns of zeros above and left of the map, and below and right of it. */
  readonly before?: Pair;
  readonly after?: Pair;
  /** [channels] */
  readonly bias?: Tensor;
  /** Of the size of the result, which is added to it. */
  readonly onto?: Tensor;
  /** Of the result. */
  readonly activation?: FusableActivation;
}

const ONES: Pair = [1, 1];
const ZEROS: Pair = [0, 0];

/** x and the kernels, both blocked -> [1, channels, H', W'], blocked. Inputs are seen in these shapes, not copied. */
export const blockedConvolution = (
  ops: TensorOps,
  x: Tensor,
  kernels: Tensor,
  site: BlockedConvolution,
): Tensor => {
  const { channels, input, kernel, stride = ONES, dilation = ONES, before = ZEROS, after = ZEROS } = site;
  const { bias = ABSENT, onto, activation } = site;
  const inputs = [ops.reshape(x, 1, channels, ...input), ops.reshape(kernels, channels, 1, ...kernel), bias];
  const added = onto === undefined ? [] : [ops.reshape(onto, 1, channels, ...outputOf(site))];
  return ops.model.node('Conv', [...inputs, ...added], {
    domain: BLOCKED_DOMAIN,
    attributes: {
      group: channels,
      kernel_shape: kernel,
      strides: stride,
      dilations: dilation,
      pads: [...before, ...after],
      ...(activation === undefined ? {} : ACTIVATIONS[activation]),
    },
  });
};

const ACTIVATIONS: Record<FusableActivation, Readonly<Record<string, Attribute>>> = {
  relu: { activation: 'Relu' },
  relu6: { activation: 'Clip', activation_params: { floats: [0, 6] } },
};

/** ONNX's name of an optional input that is not given. */
const ABSENT: Tensor = '';

/** Rows and columns of the result. */
export const outputOf = ({
  input,
  kernel,
  stride = ONES,
  dilation = ONES,
  before = ZEROS,
  after = ZEROS,
}: BlockedConvolution): Pair => {
  const along = (axis: 0 | 1): number => {
    const span = dilation[axis] * (kernel[axis] - 1) + 1;
    return Math.floor((input[axis] + before[axis] + after[axis] - span) / stride[axis]) + 1;
  };
  return [along(0), along(1)];
};
