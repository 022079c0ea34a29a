/** Weights in int8 and biases in int32. */
import type { WeightScale } from '../../results/training/int8.js';
import { type Affine, INT8_MOST, quantise, roundHalfEven } from './affine.js';

/** A kernel and the bias that goes with it. */
export interface QuantisedKernel {
  /** In the order of the float kernel. */
  readonly integers: Int8Array;
  /** One for each output channel, or one for all. */
  readonly scales: Float32Array;
  /** In steps of the input's scale times the weights'; null where the operation has no bias. */
  readonly bias: Int32Array | null;
  /** Output channels whose weights are all zero. */
  readonly zeroChannels: number;
}

/** So that the bias takes at most half of what the sum in int32 can hold. */
const BIAS_MOST = 2 ** 30;

/**
 * Symmetric int8 (Nagel et al. 2021, arXiv:2106.08295, section 2.3): the largest weight becomes 127. A scale is larger where the bias
 * would not fit otherwise: of a channel with weights next to nothing, the bias is all that there is.
 */
export const quantisedKernel = (
  kernel: Float32Array,
  bias: Float32Array | null,
  outputs: number,
  input: Affine,
  weights: WeightScale,
): QuantisedKernel => {
  const row = kernel.length / outputs;
  const largest = Array.from({ length: outputs }, (_, channel) =>
    magnitude(kernel.subarray(channel * row, (channel + 1) * row)),
  );
  const scaleFor = (weight: number, offset: number): number =>
    Math.fround(Math.max(weight / INT8_MOST, offset / (input.scale * BIAS_MOST))) || 1;
  const own = largest.map((weight, channel) => scaleFor(weight, Math.abs(bias?.[channel] ?? 0)));
  const common = scaleFor(Math.max(...largest), magnitude(bias ?? []));
  const scaleOf = (channel: number): number => (weights === 'per-channel' ? (own[channel] ?? 1) : common);
  return {
    integers: Int8Array.from(kernel, (weight, i) =>
      quantise(weight, { scale: scaleOf(Math.floor(i / row)), zeroPoint: 0 }, [-INT8_MOST, INT8_MOST]),
    ),
    scales: weights === 'per-channel' ? Float32Array.from(own) : Float32Array.of(common),
    bias:
      bias &&
      Int32Array.from(bias, (offset, channel) => roundHalfEven(offset / (input.scale * scaleOf(channel)))),
    zeroChannels: largest.filter((weight) => weight === 0).length,
  };
};

const magnitude = (values: Iterable<number>): number => {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
};
