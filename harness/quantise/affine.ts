/**
 * Affine quantisation (Jacob et al. 2018, arXiv:1712.05877, section 2.1): a real value is scale x (integer - zero point). Activations are
 * asymmetric uint8, weights symmetric int8. Scales are float32, as they stand in the model.
 */

/** How a tensor's integers stand for real values. */
export interface Affine {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** The least and the largest value of a tensor. */
export type Range = readonly [low: number, high: number];

export const UINT8_MOST = 255;

/** Symmetric: -128 is not used, so that every weight has its negative. */
export const INT8_MOST = 127;

/** The least float32 that has all its digits. */
export const LEAST_SCALE = 2 ** -126;

/**
 * The uint8 scale that covers the range and zero, which is a value of its own, so that padding adds no error. A range of zero alone has
 * scale 1.
 */
export const uint8Affine = ([low, high]: Range): Affine => {
  const [least, most] = [Math.min(low, 0), Math.max(high, 0)];
  const scale = (most - least) / UINT8_MOST;
  if (scale < LEAST_SCALE) return { scale: 1, zeroPoint: 0 };
  return { scale: Math.fround(scale), zeroPoint: roundHalfEven((0 - least) / scale) };
};

/** Rounds to the nearest whole number, and from halfway to the even one, as the ONNX operators do. */
export const roundHalfEven = (value: number): number => {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
};

/** The float32 quotient, rounded and moved by the zero point, within the bounds. */
export const quantise = (
  value: number,
  { scale, zeroPoint }: Affine,
  [least, most]: Range = [0, UINT8_MOST],
): number =>
  Math.min(most, Math.max(least, roundHalfEven(Math.fround(Math.fround(value) / scale)) + zeroPoint));

export const dequantise = (integer: number, { scale, zeroPoint }: Affine): number =>
  Math.fround((integer - zeroPoint) * scale);
