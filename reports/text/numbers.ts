/** How numbers are written: an interval decides the digits, a column has one unit, minus is a minus sign. */
import type { Estimate, Interval } from '../../harness/analysis/analysis.js';

/**
 * Decimal places worth writing for a value with this interval, by the rounding rule of the Particle Data Group: two significant
 * digits of the half width where they are 10 to 35, one otherwise.
 */
export const digitsOf = ([low, high]: Interval): number => {
  const half = (high - low) / 2;
  if (!(half > 0) || !Number.isFinite(half)) return 0;
  const exponent = Math.floor(Math.log10(half));
  const leading = half / 10 ** (exponent - 1);
  const significant = leading < 35.5 ? 2 : 1;
  return clampDigits(significant - 1 - exponent);
};

/** Decimal places for a column of estimates: the median of what their intervals ask for, or `fallback` where there is none. */
export const columnDigits = (estimates: readonly (Estimate | null)[], fallback: number): number => {
  const digits = estimates
    .flatMap((estimate) =>
      estimate?.interval && estimate.interval[1] > estimate.interval[0] ? [digitsOf(estimate.interval)] : [],
    )
    .toSorted((a, b) => a - b);
  return digits[digits.length >> 1] ?? fallback;
};

/** Decimal places that show `significant` digits of every value. */
export const significantDigits = (values: readonly number[], significant: number): number => {
  const smallest = Math.min(...values.map(Math.abs).filter((value) => value > 0));
  return Number.isFinite(smallest) ? clampDigits(significant - 1 - Math.floor(Math.log10(smallest))) : 0;
};

export const fixed = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');

/** With its sign, also where it is positive; zero has none. */
export const signed = (value: number, digits: number): string => {
  const text = fixed(value, digits);
  if (Number(value.toFixed(digits)) === 0) return text.replace('−', '');
  return value > 0 ? `+${text}` : text;
};

/** `1,503,210`. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

export const scaled = (estimate: Estimate | null, factor: number): Estimate | null =>
  estimate && {
    value: estimate.value * factor,
    interval: estimate.interval && [estimate.interval[0] * factor, estimate.interval[1] * factor],
  };

export interface SiUnit {
  readonly prefix: '' | 'k' | 'M' | 'G';
  readonly divisor: number;
}

/** The prefix in which the largest of the values is at least 1. */
export const siUnit = (values: readonly number[]): SiUnit => {
  const largest = Math.max(0, ...values);
  return SI_UNITS.find(({ divisor }) => largest >= divisor) ?? { prefix: '', divisor: 1 };
};

const SI_UNITS: readonly SiUnit[] = [
  { prefix: 'G', divisor: 1e9 },
  { prefix: 'M', divisor: 1e6 },
  { prefix: 'k', divisor: 1e3 },
];

const clampDigits = (digits: number): number => Math.min(6, Math.max(0, digits));
