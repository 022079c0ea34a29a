/**
 * Combines every value with that of its channel: `values` holds as many rows as there are channels, such as a kernel
 * [out, in, kh, kw] with one value per output channel.
 */
export const byChannel = (
  values: Float64Array,
  channels: Float64Array,
  combine: (value: number, channel: number) => number,
): Float64Array => {
  const row = values.length / channels.length;
  const result = new Float64Array(values.length);
  for (const [channel, factor] of channels.entries()) {
    const start = channel * row;
    result.set(
      values.subarray(start, start + row).map((value) => combine(value, factor)),
      start,
    );
  }
  return result;
};

export const difference = (a: number, b: number): number => a - b;

export const product = (a: number, b: number): number => a * b;

/** Elementwise sum of arrays of one length. */
export const total = ([first, ...rest]: readonly Float64Array[]): Float64Array => {
  const sum = new Float64Array(first ?? []);
  for (const values of rest) for (const [i, value] of values.entries()) sum[i] = (sum[i] ?? 0) + value;
  return sum;
};
