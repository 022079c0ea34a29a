/** Values that may be compared, as series; where they may not, a new series that says why. */
import {
  HISTORY_METRICS,
  type HistoryMetric,
  type HistoryRow,
  type HistoryRun,
} from '../../../results/history/history.js';
import { ALPHA, type Interval, meanInference } from '../../stats/inference.js';
import { differencesOf, flatten } from '../comparable/comparable.js';
import type { HistoryPoint, RunName, Series } from './history.js';
import { METRIC_RULES } from './metrics.js';

/** Before its changes are looked for. */
export interface BareTrack {
  readonly suite: string;
  readonly candidate: string;
  readonly metric: HistoryMetric;
  readonly series: readonly Omit<Series, 'levels' | 'changes'>[];
}

/** Tracks by suite, then by metric, then candidates in the order in which they came up. Runs are in their order. */
export const tracksOf = (runs: readonly HistoryRun[]): readonly BareTrack[] => {
  const found = new Map<string, Place & { readonly values: Value[] }>();
  for (const run of runs) {
    for (const row of run.rows) {
      const place = { suite: run.plan.suite, candidate: row.candidate, metric: row.metric };
      const key = JSON.stringify(place);
      const known = found.get(key) ?? { ...place, values: [] };
      known.values.push({ run, row });
      found.set(key, known);
    }
  }
  return [...found.values()]
    .map(({ values, ...place }) => ({ ...place, series: seriesOf(place.metric, values) }))
    .toSorted(inOrder);
};

type Place = Pick<BareTrack, 'suite' | 'candidate' | 'metric'>;

interface Value {
  readonly run: HistoryRun;
  readonly row: HistoryRow;
}

/** Series by their first runs. One goes on where its conditions come back. */
const seriesOf = (metric: HistoryMetric, values: readonly Value[]): BareTrack['series'] => {
  const found = new Map<string, BareTrack['series'][number] & { readonly points: HistoryPoint[] }>();
  let last: { readonly run: RunName; readonly conditions: object } | null = null;
  for (const { run, row } of values) {
    const conditions = METRIC_RULES[metric].conditions(run, row);
    const point = pointOf(run, row);
    const key = JSON.stringify(conditions);
    const known = found.get(key);
    if (known === undefined) {
      const reasons = last === null ? [] : differencesOf(last.conditions, conditions);
      found.set(key, {
        break: last && { before: last.run, after: point.run, reasons },
        conditions: Object.fromEntries(flatten(conditions)),
        points: [point],
      });
    } else known.points.push(point);
    last = { run: point.run, conditions };
  }
  return [...found.values()];
};

const pointOf = (run: HistoryRun, row: HistoryRow): HistoryPoint => ({
  run: nameOf(run),
  value: row.value,
  interval: intervalOf(row),
  seeds: row.seedValues?.length ?? null,
});

const nameOf = ({ folder, environment: { startedAt, commit } }: HistoryRun): RunName => ({
  folder,
  startedAt,
  commit,
});

/** All runs of a series have the same test images: its top-1 varies with the seeds alone. */
const intervalOf = ({ low, high, seedValues }: HistoryRow): Interval | null => {
  if (low !== null && high !== null) return [low, high];
  return seedValues !== null && seedValues.length > 1 ? meanInference(seedValues).interval(ALPHA) : null;
};

const inOrder = (one: Place, other: Place): number =>
  one.suite.localeCompare(other.suite) ||
  HISTORY_METRICS.indexOf(one.metric) - HISTORY_METRICS.indexOf(other.metric);
