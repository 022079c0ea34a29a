/**
 * Depthwise convolution by the blocked convolution, in all directions, on rows whose lanes are the block:
 *   y = x * w,   dx = g * w turned by half a turn, with zeros between the values of g,   dw = x * g with g as the kernel,
 * with a channel for every channel of every image: kernels are repeated for all images, and their gradients summed over them.
 */
import type { Pair } from '../../../../graph/operations/ops.js';
import { elementCount } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import { blockedConvolution, outputOf } from './blocked.js';
import type { Convolution, InputGradient } from './convolution.js';
import type { Geometry } from './geometry.js';
import { spreadOut } from './patches.js';

export const depthwiseFits = (block: number | null, geometry: Geometry): boolean => {
  const { groups, input, kernel, padding, dilation, lanes } = geometry;
  const inside = (axis: 0 | 1): boolean => padding[axis] <= dilation[axis] * (kernel[axis] - 1);
  return block === lanes && groups === input[0] && elementCount(kernel) > 1 && inside(0) && inside(1);
};

interface Depthwise extends Convolution {
  /** The gradient is added to `onto`, where that is given. */
  inputGradient(parts: InputGradient, onto?: Tensor): Tensor;
}

export const depthwise = (ops: TensorOps, x: Tensor, geometry: Geometry): Depthwise => {
  const { batch, lanes, groups, input, output, kernel, stride, padding, dilation } = geometry;
  const outputs = output[0] / groups;
  const taps = elementCount(kernel);
  const channels = groups * batch;
  const blocks = batch / lanes;
  const inputMap: Pair = [input[1], input[2]];
  const outputMap: Pair = [output[1], output[2]];
  const inputLength = batch * elementCount(inputMap);
  const outputLength = batch * elementCount(outputMap);

  /** [groups, outputs, width] -> one [groups, width] an output. */
  const perOutput = (tensor: Tensor, width: number): readonly Tensor[] =>
    ops.split(
      ops.reshape(tensor, groups, outputs, width),
      1,
      Array.from({ length: outputs }, () => 1),
    );
  const images = { channels: groups, taps, blocks, lanes };

  const forward = (weights: Tensor, offset?: Tensor): Tensor => {
    const offsets = offset === undefined ? [] : perOutput(offset, 1);
    const results = perOutput(weights, taps).map((kernels, i) => {
      const bias = offsets[i];
      const y = blockedConvolution(ops, x, forImages(ops, ops.reshape(kernels, groups, taps), images), {
        channels,
        input: inputMap,
        kernel,
        stride,
        dilation,
        before: padding,
        after: padding,
        ...(bias === undefined ? {} : { bias: ops.repeat(bias, groups, batch) }),
      });
      return ops.reshape(y, groups, 1, outputLength);
    });
    return ops.reshape(ops.concat(1, results), output[0], outputLength);
  };

  const weightGradient = (gradient: Tensor): Tensor => {
    const after = pairOf((axis) => {
      const read = stride[axis] * (outputMap[axis] - 1) + 1 + dilation[axis] * (kernel[axis] - 1);
      return Math.max(0, read - inputMap[axis] - padding[axis]);
    });
    const site = { channels, input: inputMap, kernel: outputMap, stride: dilation, dilation: stride };
    const padded = { ...site, before: padding, after };
    const [rows, columns] = outputOf(padded);
    const results = perOutput(gradient, outputLength).map((part) => {
      const perImage = ops.reshape(
        blockedConvolution(ops, x, part, padded),
        groups,
        blocks,
        rows,
        columns * lanes,
      );
      const met = ops.pad(perImage, [0, 0, 0, 0], [0, 0, kernel[0] - rows, (kernel[1] - columns) * lanes]);
      const perTap = ops.sum(ops.reshape(met, groups, blocks, taps, lanes), 3);
      return ops.sum(perTap, 1, true);
    });
    return ops.concat(1, results);
  };

  const spread = pairOf((axis) => outputMap[axis] * stride[axis]);
  const missing = pairOf((axis) => inputMap[axis] + padding[axis] - spread[axis]);
  /** Zeros between the pixels of the gradient: rows and columns as far apart as the kernel's steps. */
  const atInput = (gradient: Tensor): Tensor => {
    const apart = spreadOut(ops, gradient, [channels / lanes, ...outputMap, lanes], stride);
    return ops.pad(apart, [0, 0, 0, 0], [0, Math.min(0, missing[0]), Math.min(0, missing[1]), 0]);
  };

  const inputGradient = ({ weights, gradient }: InputGradient, onto?: Tensor): Tensor => {
    const site = {
      channels,
      input: pairOf((axis) => spread[axis] + Math.min(0, missing[axis])),
      kernel,
      dilation,
      before: pairOf((axis) => dilation[axis] * (kernel[axis] - 1) - padding[axis]),
      after: pairOf((axis) => Math.max(0, missing[axis])),
    };
    const kernels = perOutput(weights, taps);
    const parts = perOutput(gradient, outputLength);
    const [first = gradient, ...others] = parts.map(atInput);
    const kernelOf = (i: number): Tensor =>
      forImages(ops, ops.reshape(kernels[i] ?? weights, groups, taps), images, (tap) => taps - 1 - tap);
    const sum = others.reduce(
      (onto, part, i) => blockedConvolution(ops, part, kernelOf(i + 1), { ...site, onto }),
      blockedConvolution(ops, first, kernelOf(0), onto === undefined ? site : { ...site, onto }),
    );
    return ops.reshape(sum, groups, inputLength);
  };

  return { groups, outputs, taps, forward, weightGradient, inputGradient };
};

interface RepeatedKernels {
  readonly channels: number;
  readonly taps: number;
  readonly blocks: number;
  readonly lanes: number;
}

/** [channels, taps] -> the same for every image, blocked: [channels, blocks, taps * lanes]. `sourceOf` says which tap stands where. */
export const forImages = (
  ops: TensorOps,
  kernels: Tensor,
  { channels, taps, blocks, lanes }: RepeatedKernels,
  sourceOf: (tap: number) => number = (tap) => tap,
): Tensor => {
  const copies = new Float32Array(taps * taps * lanes);
  for (let tap = 0; tap < taps; tap += 1) {
    const first = (sourceOf(tap) * taps + tap) * lanes;
    copies.fill(1, first, first + lanes);
  }
  // A product with zeros and ones is several times faster than Expand where few values become many.
  const block = ops.matMul(kernels, ops.model.constant(copies, [taps, taps * lanes]));
  return ops.expand(ops.reshape(block, channels, 1, taps * lanes), channels, blocks, taps * lanes);
};

const pairOf = (value: (axis: 0 | 1) => number): Pair => [value(0), value(1)];
