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
    for (let i = channel * row; i < (channel + 1) * row; i++) {
      result[i] = combine(values[i] ?? Number.NaN, factor);
    }
  }
  return result;
};

export const difference = (a: number, b: number): number => a - b;

export const product = (a: number, b: number): number => a * b;

/** Elementwise sum of arrays of one length. */
export const total = ([first, ...rest]: readonly Float64Array[]): Float64Array => {
  const sum = new Float64Array(first ?? []);
  for (const values of rest) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? Number.NaN) + (values[i] ?? Number.NaN);
  }
  return sum;
};
