/** Columns that the terminal and the page show alike: one unit and one number of digits for all candidates of a run. */
import type { Estimate } from '../../harness/analysis/analysis.js';
import { countedCost } from '../../results/plan/counted-cost.js';
import { columnDigits, fixed, scaled, significantDigits, siUnit } from '../text/numbers.js';
import type { ChartCandidate, ChartView } from './chart-view.js';

export interface EstimateColumn {
  readonly unit: string;
  readonly of: (candidate: ChartCandidate) => Estimate | null;
  readonly format: (value: number) => string;
}

export interface CountColumn {
  readonly unit: string;
  readonly divisor: number;
  readonly of: (candidate: ChartCandidate) => number;
  readonly format: (value: number) => string;
}

/** Top-1 in percent. Where there is no interval, one digit per factor of ten of test images. */
export const top1Column = ({ testImages, candidates }: ChartView): EstimateColumn => {
  const of = ({ top1 }: ChartCandidate) => scaled(top1, 100);
  const resolution = Math.max(0, Math.ceil(Math.log10(testImages)) - 2);
  const digits = columnDigits(candidates.map(of), resolution);
  return { unit: '%', of, format: (value) => fixed(value, digits) };
};

/** Median latency in ms a batch. */
export const latencyColumn = ({ candidates }: ChartView): EstimateColumn => {
  const of = ({ latencyMs }: ChartCandidate) => latencyMs;
  const values = candidates.flatMap(({ latencyMs }) => (latencyMs ? [latencyMs.value] : []));
  const digits = columnDigits(candidates.map(of), significantDigits(values, 3));
  return { unit: 'ms', of, format: (value) => fixed(value, digits) };
};

/** Activations of the deploy form that are kept at once, in kB of 1024 bytes, a byte each; of plans of earlier versions none. */
export const peakMemoryColumn = ({ candidates }: ChartView): EstimateColumn => {
  const of = ({ candidate }: ChartCandidate) =>
    scaled(estimateOf(countedCost(candidate.costs.deploy, 'peak-memory')), 1 / 1024);
  const values = candidates.flatMap((candidate) => of(candidate)?.value ?? []);
  const digits = Math.min(1, significantDigits(values, 4));
  return { unit: 'kB', of, format: (value) => fixed(value, digits) };
};

const estimateOf = (value: number | null): Estimate | null =>
  value === null ? null : { value, interval: null };

/** Parameters or MACs of the deploy form, four significant digits of the smallest. */
export const costColumn = ({ candidates }: ChartView, metric: 'params' | 'macs'): CountColumn => {
  const count = ({ candidate }: ChartCandidate) => candidate.costs.deploy[metric];
  const { prefix, divisor } = siUnit(candidates.map(count));
  const digits = significantDigits(
    candidates.map((candidate) => count(candidate) / divisor),
    4,
  );
  return {
    unit: prefix,
    divisor,
    of: (candidate) => count(candidate) / divisor,
    format: (value) => fixed(value, Math.min(3, digits)),
  };
};
