import type { HistoryMetric, HistoryRun } from '../../../results/history/history.js';
import { ALPHA } from '../../stats/inference.js';
import { changesOf, levelsOf } from './changes.js';
import type { Track } from './history.js';
import { METRIC_RULES } from './metrics.js';
import { tracksOf } from './series.js';

/** What of a history is looked at; everything where nothing is said. */
export interface HistoryFilter {
  readonly suite?: string;
  /** Candidates whose names match. */
  readonly candidate?: RegExp;
  readonly metric?: HistoryMetric;
  /** Runs that started then or later. */
  readonly since?: Date;
}

/**
 * How every metric of every candidate went, and where it changed. Where runs vary independently of each other, the chance of any false
 * change, in all series together, is at most 5 %: each noisy series has its share. Runs are in the order of their start.
 */
export const analyseHistory = (runs: readonly HistoryRun[], filter: HistoryFilter = {}): readonly Track[] => {
  const tracks = tracksOf(selected(runs, filter));
  const noisy = tracks.filter(({ metric }) => METRIC_RULES[metric].noise !== null);
  const alpha = ALPHA / Math.max(1, noisy.flatMap(({ series }) => series).length);
  return tracks.map((track) => {
    const rule = METRIC_RULES[track.metric];
    return {
      ...track,
      series: track.series.map((series) => {
        const levels = levelsOf(series.points, rule, alpha);
        return { ...series, levels, changes: changesOf(series.points, levels, rule) };
      }),
    };
  });
};

const selected = (
  runs: readonly HistoryRun[],
  { suite, candidate, metric, since }: HistoryFilter,
): readonly HistoryRun[] =>
  runs
    .filter(({ plan }) => suite === undefined || plan.suite === suite)
    .filter(({ environment }) => since === undefined || Date.parse(environment.startedAt) >= since.getTime())
    .map((run) => ({
      ...run,
      rows: run.rows.filter(
        (row) =>
          (candidate === undefined || candidate.test(row.candidate)) &&
          (metric === undefined || row.metric === metric),
      ),
    }));
