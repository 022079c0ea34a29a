/** Positions in a plot, as Vega will draw them: explicit domains, so that labels can be placed before anything is drawn. */
import type { Interval } from '../../harness/analysis/analysis.js';

export interface PlotScale {
  readonly type: 'linear' | 'log';
  readonly domain: Interval;
  /** Fraction of the axis, 0 at the low end. */
  readonly at: (value: number) => number;
}

/** A domain with some room around the values; logarithmic where they span more than a factor of 20. */
export const scaleOver = (values: readonly number[], room = 0.08): PlotScale => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low > 0 && high / low > 20) {
    const margin = (high / low) ** room;
    const domain = [low / margin, high * margin] as const;
    return { type: 'log', domain, at: (value) => fraction(Math.log(value), domain.map(Math.log)) };
  }
  const margin = high > low ? (high - low) * room : Math.abs(high) * 0.05 || 1;
  const domain = [low - margin, high + margin] as const;
  return { type: 'linear', domain, at: (value) => fraction(value, domain) };
};

/** As Vega-Lite takes it. */
export const asScale = ({ type, domain: [low, high] }: PlotScale) => ({
  type,
  domain: [low, high],
  nice: false,
  zero: false,
});

const fraction = (value: number, [low = 0, high = 1]: readonly number[]): number =>
  (value - low) / (high - low);
