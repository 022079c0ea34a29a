/** What else differs where accuracies are compared, in words. */
import type { Comparison, UnequalCost } from '../../harness/analysis/analysis.js';
import { significantDigits } from '../text/numbers.js';
import { listed } from '../text/words.js';

/** Ratios beyond it, either way, are named beside an accuracy. */
const NAMED_FROM = 1.25;

export const isNamed = (ratio: number): boolean => Math.max(ratio, 1 / ratio) > NAMED_FROM;

/** For example `1.8 times the multiply-adds and 0.6 times the latency`; empty where nothing differs by more than a quarter. */
export const otherwiseText = ({ otherwise }: Pick<Comparison, 'otherwise'>): string => {
  if (otherwise === undefined) return '';
  const { macsRatio, latencyRatio } = otherwise;
  return listed([
    ...ratioText(macsRatio, 'multiply-adds'),
    ...(latencyRatio === null ? [] : ratioText(latencyRatio, 'latency')),
  ]);
};

/** None where it is no more than a quarter. */
export const ratioText = (ratio: number, what: string): readonly string[] =>
  isNamed(ratio) ? [`${timesText(ratio)} the ${what}`] : [];

/** For example `the left side has 4.1 times the multiply-adds of the right`. */
export const unequalCostsText = (costs: readonly UnequalCost[]): string =>
  `the left side has ${listed(costs.map(({ metric, ratio }) => `${timesText(ratio)} the ${COSTS[metric]}`))} of the right`;

const COSTS = { macs: 'multiply-adds', params: 'parameters' } as const;

export const timesText = (ratio: number): string => `${ratio.toFixed(significantDigits([ratio], 2))} times`;
