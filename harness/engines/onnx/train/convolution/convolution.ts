/**
 * A convolution as a linear map that can be applied, differentiated, and asked for the second moments of its input.
 *
 * For each of `groups` groups there are `taps` inputs to every output: U [groups, taps, L'], each row one shifted or plain
 * channel, and y = W . U with W [groups, outputs, taps]. The lowerings differ in how they hold U: `patches` writes it out,
 * `windows` keeps a smaller matrix of whole images or rows and expands the kernel instead, `depthwise` leaves it to the blocked
 * convolution, which gives no moments.
 */
import type { Tensor } from '../../model.js';

/** Raw sums over images and pixels: `sums` of U [groups, taps, 1], `products` U . U^T [groups, taps, taps]. */
export interface Moments {
  readonly sums: Tensor;
  readonly products: Tensor;
}

/** Factors of the gradient for the input: A^T . g with A [groups, outputs, taps]. */
export interface InputGradient {
  readonly weights: Tensor;
  readonly gradient: Tensor;
}

/** A^T . g + Q . U + q, with Q [groups, taps, taps], q [groups, taps, 1]. */
export interface QuadraticInputGradient extends InputGradient {
  readonly quadratic?: { readonly matrix: Tensor; readonly offset: Tensor };
}

export interface Convolution {
  readonly groups: number;
  /** Output channels per group. */
  readonly outputs: number;
  /** Inputs of an output: input channels per group times kernel height times kernel width. */
  readonly taps: number;
  /** W [groups, outputs, taps] -> y [C', L']. With an offset [groups, outputs, 1], y + offset. */
  forward(weights: Tensor, offset?: Tensor): Tensor;
  /** Gradient of y -> gradient of W, [groups, outputs, taps]. */
  weightGradient(gradient: Tensor): Tensor;
  inputGradient(parts: InputGradient): Tensor;
}

export interface MomentConvolution extends Convolution {
  inputGradient(parts: QuadraticInputGradient): Tensor;
  moments(): Moments;
}
