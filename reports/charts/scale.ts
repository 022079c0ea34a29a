/** Positions in a plot, as Vega will draw them: explicit domains, so that labels can be placed before anything is drawn. */
import type { Interval } from '../../harness/analysis/analysis.js';

export interface PlotScale {
  readonly type: 'linear' | 'log';
  readonly domain: Interval;
  /** Fraction of the axis, 0 at the low end. */
  readonly at: (value: number) => number;
}

/** A domain with some room around the values. */
export const linearScale = (values: readonly number[], room = 0.08): PlotScale => {
  const [low, high] = extent(values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const equal = high - low <= ROUNDING * Math.max(1, size);
  const roomOfOne = size > ROUNDING ? 0.05 * size : 1;
  const margin = equal ? roomOfOne : (high - low) * room;
  const domain = [low - margin, high + margin] as const;
  return { type: 'linear', domain, at: (value) => fraction(value, domain) };
};

/**
 * A domain for `values` that must be seen whole, and for others as far as they are not outliers: those beyond it stand at its edge. One
 * far value would make all others look alike.
 */
export const clippedScale = (values: readonly number[], others: readonly number[]): PlotScale => {
  const scale = linearScale(values);
  const [low, high] = scale.domain;
  const room = high - low;
  return linearScale([...values, ...others.filter((one) => one > low - room / 2 && one < high + room / 2)]);
};

/** Logarithmic where the values are positive and span more than a factor of 20, else linear. */
export const scaleOver = (values: readonly number[], room = 0.08): PlotScale => {
  const [low, high] = extent(values);
  if (low <= ROUNDING || high / low <= 20) return linearScale(values, room);
  const margin = (high / low) ** room;
  const domain = [low / margin, high * margin] as const;
  return { type: 'log', domain, at: (value) => fraction(Math.log(value), domain.map(Math.log)) };
};

/** As Vega-Lite takes it. */
export const asScale = ({ type, domain: [low, high] }: PlotScale) => ({
  type,
  domain: [low, high],
  nice: false,
  ...(type === 'log' ? {} : { zero: false }),
});

/** Of values that may be too many for arguments. */
const extent = (values: readonly number[]): Interval => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
};

/** Values that differ by less are one value. */
const ROUNDING = 1e-9;

const fraction = (value: number, [low = 0, high = 1]: readonly number[]): number =>
  (value - low) / (high - low);
