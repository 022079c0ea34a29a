/** Which lowering a convolution takes. */
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import { depthwiseMoments, depthwiseMomentsFit } from '../normalisation/depthwise-moments.js';
import { pixelMoments, pixelMomentsFit } from '../normalisation/pixel-moments.js';
import type { Convolution, MomentConvolution } from './convolution.js';
import { depthwise, depthwiseFits } from './depthwise.js';
import type { Geometry } from './geometry.js';
import { patches } from './patches.js';
import { windows, windowsFit } from './windows.js';

export const convolution = (ops: TensorOps, x: Tensor, geometry: Geometry): Convolution =>
  depthwiseFits(ops.block, geometry) ? depthwise(ops, x, geometry) : momentConvolution(ops, x, geometry);

/** Depthwise kernels on images one after another go by windows; what the blocked convolution does not fit either goes by patches. */
export const momentConvolution = (ops: TensorOps, x: Tensor, geometry: Geometry): MomentConvolution => {
  if (pixelMomentsFit(ops.block, geometry)) return pixelMoments(ops, x, geometry);
  if (depthwiseMomentsFit(ops.block, geometry)) return depthwiseMoments(ops, x, geometry);
  return windowsFit(geometry) ? windows(ops, x, geometry) : patches(ops, x, geometry);
};

/** Whether rows of images side by side give the second moments of a depthwise convolution. */
export const blockedMomentsFit = (block: number, geometry: Geometry): boolean =>
  pixelMomentsFit(block, geometry) || depthwiseMomentsFit(block, geometry);
