/** Whole pixels of an axis, `count` from `first`, and the part of them that is scaled: it begins at `begin` and is `length` long. */
export interface Axis {
  readonly first: number;
  readonly count: number;
  readonly begin: number;
  readonly length: number;
}

/** The whole pixels that a stretch touches, of so many, and where it lies within them. */
export const axisOf = (begin: number, length: number, pixels: number): Axis => {
  const first = Math.floor(begin);
  return { first, count: Math.min(Math.ceil(begin + length), pixels) - first, begin: begin - first, length };
};

/** The pixels that make each target pixel, counted from the axis's first, and their weights, `width` a target. */
export interface Taps {
  readonly first: Int32Array;
  readonly weights: Float32Array;
  readonly width: number;
}

/** A triangle around the target's centre, one source or target pixel to either side, whichever is larger; renormalised at the edges. */
export const neighbours = ({ count, begin, length }: Axis, size: number): Taps => {
  const scale = length / size;
  const radius = Math.max(1, scale);
  const width = Math.min(Math.ceil(2 * radius), count);
  const first = new Int32Array(size);
  const weights = new Float32Array(size * width);
  for (let target = 0; target < size; target += 1) {
    const centre = begin + (target + 0.5) * scale - 0.5;
    const from = Math.min(Math.max(0, Math.floor(centre - radius) + 1), count - width);
    const entry = target * width;
    let sum = 0;
    for (let tap = 0; tap < width; tap += 1) {
      sum += Math.max(0, 1 - Math.abs(from + tap - centre) / radius);
    }
    for (let tap = 0; tap < width; tap += 1) {
      weights[entry + tap] = Math.max(0, 1 - Math.abs(from + tap - centre) / radius) / sum;
    }
    first[target] = from;
  }
  return { first, weights, width };
};
