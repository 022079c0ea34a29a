/** What the most accurate cost beside others. Empty where all ratios are within a quarter. */
import type { ComparableGroup, Comparison, Otherwise } from '../../../harness/analysis/analysis.js';
import { listed } from '../../text/words.js';
import { comparisonOf, pairsOf } from '../../view/comparisons.js';
import type { CandidateView } from '../../view/view.js';
import { isNamed, otherwiseText, timesText } from '../../wording/otherwise.js';

/** What one has more or less of than those it beats. */
export const leaderSentence = (leader: CandidateView, comparable: ComparableGroup): string => {
  const { macs, latencies } = ratiosOf(
    comparable.candidates.flatMap((name) =>
      name === leader.id ? [] : (comparisonOf(comparable, 'top1', leader.id, name) ?? []),
    ),
  );
  const named = [...rangeText(macs, 'multiply-adds'), ...rangeText(latencies, 'latency')];
  return named.length === 0 ? '' : `It has ${listed(named)} of the others. `;
};

/** How far apart those are that no test separates. */
export const spreadSentence = (leaders: readonly CandidateView[], comparable: ComparableGroup): string => {
  const ids = new Set(leaders.map(({ id }) => id));
  const { macs, latencies } = ratiosOf(
    pairsOf(comparable, 'top1').filter(
      ({ candidate, reference }) => ids.has(candidate) && ids.has(reference),
    ),
  );
  const most = otherwiseText({ otherwise: { macsRatio: farthest(macs), latencyRatio: farthest(latencies) } });
  return most === '' ? '' : `Among them, one has up to ${most} of another. `;
};

const ratiosOf = (pairs: readonly Pick<Comparison, 'otherwise'>[]) => {
  const all = pairs.flatMap(({ otherwise }): readonly Otherwise[] =>
    otherwise === undefined ? [] : [otherwise],
  );
  return {
    macs: all.map(({ macsRatio }) => macsRatio),
    latencies: all.flatMap(({ latencyRatio }) => (latencyRatio === null ? [] : [latencyRatio])),
  };
};

/** From 1, either way. */
const farthest = (ratios: readonly number[]): number =>
  Math.max(1, ...ratios.map((ratio) => Math.max(ratio, 1 / ratio)));

/** For example `0.8 to 1.9 times the multiply-adds`. */
const rangeText = (ratios: readonly number[], what: string): readonly string[] => {
  if (!ratios.some(isNamed)) return [];
  const ends = [...new Set([Math.min(...ratios), Math.max(...ratios)].map(timesText))];
  return [`${ends.join(' to ').replace(' times to', ' to')} the ${what}`];
};
