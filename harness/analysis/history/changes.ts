/** Where series change, and whether for the better. */
import { exactLevels, noisyLevels, type Segment } from '../../stats/change-points.js';
import { NO_DIFFERENCE, verdictOf } from '../../stats/verdict.js';
import type { ChangePoint, HistoryPoint } from './history.js';
import type { MetricRule } from './metrics.js';

/** The levels of a series, in the unit of the metric. `alpha` is the chance of a change where there is none. */
export const levelsOf = (
  points: readonly HistoryPoint[],
  { noise }: MetricRule,
  alpha: number,
): readonly Segment[] => {
  const values = points.map(({ value }) => value);
  if (noise === null) return exactLevels(values);
  const news = newEvidence(values);
  const levels = noisyLevels(
    news.map((at) => noise.to(values[at] ?? Number.NaN)),
    { alpha, leastChange: noise.threshold },
  );
  return levels.map(({ start, end, level }) => ({
    start: news[start] ?? 0,
    end: news[end] ?? values.length,
    level: noise.from(level),
  }));
};

/** Where values are new. One that repeats the last bit for bit comes of the same seeds and the same code: it adds no evidence. */
const newEvidence = (values: readonly number[]): readonly number[] =>
  [...values.keys()].filter((i) => i === 0 || values[i] !== values[i - 1]);

/** One for each pair of neighbouring levels. */
export const changesOf = (
  points: readonly HistoryPoint[],
  levels: readonly Segment[],
  { direction, effect }: MetricRule,
): readonly ChangePoint[] =>
  levels.slice(1).flatMap(({ start, level: to }, index) => {
    const [before, after, from] = [points[start - 1], points[start], levels[index]?.level];
    if (before === undefined || after === undefined || from === undefined) return [];
    const verdict = verdictOf([to - from, to - from], NO_DIFFERENCE, direction);
    return [
      {
        before: before.run,
        after: after.run,
        from,
        to,
        effect: effect(from, to),
        kind: verdict === 'better' ? ('improvement' as const) : ('regression' as const),
      },
    ];
  });
