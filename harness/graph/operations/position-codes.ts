/** Sine codes of the positions of pixels. */
import type { Op, Pair } from './ops.js';

/** From the first to the last pixel of an axis they go once round. */
const TURN = 2 * Math.PI;

/** Of the published code, which divides by the size of the map. */
const EPSILON = 1e-6;

/**
 * [2 codes, H, W], those of the rows first (DETR, arXiv:2005.12872, section A.4, with normalised positions as its code has them): pixel i of n
 * along an axis has the position p = 2 pi (i + 1) / (n + 1e-6), and its codes 2k and 2k + 1 are the sine and the cosine of
 * p / temperature^(2k / codes).
 */
export const positionCodes = (
  { codes, temperature }: Omit<Op<'addPositions'>, 'kind'>,
  [height, width]: Pair,
): Float32Array => {
  const values = new Float32Array(2 * codes * height * width);
  for (let channel = 0; channel < 2 * codes; channel++) {
    const isRow = channel < codes;
    const code = channel % codes;
    const frequency = temperature ** (-(code - (code % 2)) / codes);
    const wave = code % 2 === 0 ? Math.sin : Math.cos;
    const size = isRow ? height : width;
    for (let pixel = 0; pixel < height * width; pixel++) {
      const i = isRow ? Math.floor(pixel / width) : pixel % width;
      const position = (TURN * (i + 1)) / (size + EPSILON);
      values[channel * height * width + pixel] = wave(position * frequency);
    }
  }
  return values;
};
