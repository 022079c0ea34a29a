/**
 * Second moments of depthwise windows on maps of few pixels, for kernels of any size, stride and padding: every moment of two taps is
 * a sum of products of two pixels over all images, and so is the gradient through it. The convolution itself is the blocked one.
 */
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { MomentConvolution, QuadraticInputGradient } from '../convolution/convolution.js';
import { depthwise, depthwiseFits } from '../convolution/depthwise.js';
import type { Geometry } from '../convolution/geometry.js';
import { joinTables, windowView } from '../convolution/window-views.js';

/** Largest map: above, an autocorrelation costs less than the products of all pairs of pixels. */
const FEW_PIXELS = 16;

export const pixelMomentsFit = (block: number | null, geometry: Geometry): boolean =>
  depthwiseFits(block, geometry) && geometry.input[1] * geometry.input[2] <= FEW_PIXELS;

export const pixelMoments = (ops: TensorOps, x: Tensor, geometry: Geometry): MomentConvolution => {
  const { batch, lanes, groups: channels, input, kernel } = geometry;
  const blocks = batch / lanes;
  const pixels = input[1] * input[2];
  const base = depthwise(ops, x, geometry);
  const { taps } = base;
  const tables = joinTables(windowView(geometry), kernel);
  const pairs = (): Tensor => ops.model.constant(tables.pairs(), [pixels ** 2, taps ** 2]);
  const counts = (): Tensor => ops.model.constant(tables.counts(), [pixels, taps]);
  const map = ops.reshape(x, channels, blocks, pixels, lanes);

  return {
    ...base,
    moments: () => {
      const gram = ops.reshape(ops.matMulTransB(map, map), channels, blocks, pixels ** 2);
      const values = ops.sum(ops.sum(map, 3), 1);
      return {
        sums: ops.reshape(ops.matMul(values, counts()), channels, taps, 1),
        products: ops.reshape(ops.matMul(ops.sum(gram, 1), pairs()), channels, taps, taps),
      };
    },
    inputGradient: ({ weights, gradient, quadratic }: QuadraticInputGradient) => {
      if (!quadratic) return base.inputGradient({ weights, gradient });
      const matrix = ops.matMulTransB(ops.reshape(quadratic.matrix, channels, taps ** 2), pairs());
      const offset = ops.matMulTransB(ops.reshape(quadratic.offset, channels, taps), counts());
      const curved = ops.add(
        ops.matMul(ops.reshape(matrix, channels, 1, pixels, pixels), map),
        ops.reshape(offset, channels, 1, pixels, 1),
      );
      return base.inputGradient({ weights, gradient }, curved);
    },
  };
};
