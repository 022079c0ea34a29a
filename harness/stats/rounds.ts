/**
 * Times measured in rounds, and rounds in sessions. Two sessions of the very same network differ for as long as they live
 * (memory placement), so that sessions are the sample, and the rounds of one only tell its own time better.
 */
import binomialQuantile from '@stdlib/stats-base-dists-binomial-quantile';
import { type Inference, type Interval, trimmedInference } from './inference.js';
import { median } from './sample.js';

/** By session, then in round order. */
export type Rounds = readonly (readonly number[])[];

/**
 * The trimmed mean over sessions of each session's median. A median of rounds is close to normal whatever the noise of single rounds,
 * and a session in which another program ran is far off, with all its rounds. The interval holds its level in simulation, at 2 to 12
 * sessions, with every tenth round disturbed and with disturbed sessions, where a bootstrap over rounds is too narrow, one over
 * sessions and rounds too wide or too narrow by the number of sessions, and the plain mean several times as wide. With one session,
 * the median of its rounds.
 */
export const roundsInference = (rounds: Rounds): Inference => {
  const [only = [], ...others] = rounds;
  return others.length === 0 ? medianInference(only) : trimmedInference(rounds.map(median));
};

/**
 * The weighted sum of the logarithms of several series, round by round: whatever disturbs a round disturbs all of it alike.
 * Weights 1 and -1 give the log ratio of two. Throws RangeError where the series were not measured in the same rounds.
 */
export const logContrast = (
  series: readonly { readonly weight: number; readonly rounds: Rounds }[],
): Rounds => {
  const [first] = series;
  if (!first) throw new RangeError('A contrast of nothing.');
  return first.rounds.map((session, s) =>
    session.map((_, r) =>
      series.reduce((sum, { weight, rounds }) => {
        const other = rounds[s];
        if (rounds.length !== first.rounds.length || other?.length !== session.length) {
          throw new RangeError('Series of different measurements are not paired.');
        }
        return sum + weight * Math.log(other[r] ?? Number.NaN);
      }, 0),
    ),
  );
};

/**
 * A median with the interval of order statistics x(k) to x(n - k + 1), where k is the alpha / 2 quantile of the binomial(n, 1/2):
 * it needs no assumption on the distribution (Thompson 1936). With fewer than 6 values and alpha 0.05, from the least to the
 * greatest, which is less than it promises.
 */
const medianInference = (values: readonly number[]): Inference => ({
  value: median(values),
  units: 1,
  interval: (alpha): Interval => {
    const sorted = Float64Array.from(values).sort();
    const k = Math.max(1, binomialQuantile(alpha / 2, sorted.length, 0.5));
    return [sorted[k - 1] ?? Number.NaN, sorted[sorted.length - k] ?? Number.NaN];
  },
  predict: null,
});
