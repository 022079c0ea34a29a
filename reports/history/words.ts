/** How a history is told, in the terminal and on the page alike. */
import type { Break, ChangePoint, RunName, Track } from '../../harness/analysis/history/history.js';
import type { HistoryMetric } from '../../results/history/history.js';
import { fixed, grouped, signed, significantDigits, siUnit } from '../text/numbers.js';
import { plainText } from '../text/text.js';

interface MetricWords {
  readonly title: string;
  /** Within a sentence. */
  readonly noun: string;
  readonly caption: string;
  /** A value with its unit. */
  readonly value: (value: number) => string;
  readonly effectUnit: '%' | 'points';
}

const cost = (title: string, noun: string): MetricWords => ({
  title,
  noun,
  caption: 'Deploy form, exact.',
  value: grouped,
  effectUnit: '%',
});

export const METRIC_WORDS: Readonly<Record<HistoryMetric, MetricWords>> = {
  top1: {
    title: 'Top-1',
    noun: 'top-1',
    caption:
      'Mean over seeds, with its interval as a band. Dark lines are the levels before and after a change.',
    value: (share) => `${fixed(100 * share, 2)} %`,
    effectUnit: 'points',
  },
  latency: {
    title: 'Latency',
    noun: 'latency',
    caption: 'Deploy form, with its interval as a band. Dark lines are the levels before and after a change.',
    value: (ms) => `${fixed(ms, significantDigits([ms], 4))} ms`,
    effectUnit: '%',
  },
  params: cost('Parameters', 'parameters'),
  macs: cost('MACs', 'MACs'),
  flops: cost('FLOPs', 'FLOPs'),
};

/** Beside an axis with these ends, in few digits. */
export const axisText = (metric: HistoryMetric, value: number, ends: readonly number[]): string => {
  if (metric === 'top1') return `${fixed(100 * value, 2)} %`;
  if (metric === 'latency') return `${fixed(value, significantDigits(ends, 3))} ms`;
  const { prefix, divisor } = siUnit(ends);
  const digits = significantDigits(
    ends.map((end) => end / divisor),
    5,
  );
  return `${fixed(value / divisor, Math.min(4, digits))} ${prefix}`.trim();
};

/** `+5.1 %`, two significant digits. */
export const effectText = (metric: HistoryMetric, { effect }: ChangePoint): string =>
  `${signed(100 * effect, significantDigits([100 * effect], 2))} ${METRIC_WORDS[metric].effectUnit}`;

export const commitText = ({ commit }: RunName): string =>
  commit === null ? 'no commit' : plainText(commit).slice(0, SHORT_COMMIT);

const SHORT_COMMIT = 7;

export const dayText = ({ startedAt }: RunName): string => startedAt.slice(0, 10);

/** The last commit before, and the first after. */
export const commitRange = ({ before, after }: ChangePoint | Break): string =>
  `${commitText(before)}..${commitText(after)}`;

export interface ToldChange {
  readonly track: Track;
  readonly change: ChangePoint;
}

/** Of all tracks, the newest first; of one run, regressions first and then the largest. */
export const changesIn = (tracks: readonly Track[]): readonly ToldChange[] =>
  tracks
    .flatMap((track) =>
      track.series.flatMap(({ changes }) => changes.map((change): ToldChange => ({ track, change }))),
    )
    .toSorted(
      ({ change: one }, { change: other }) =>
        other.after.startedAt.localeCompare(one.after.startedAt) ||
        other.kind.localeCompare(one.kind) ||
        Math.abs(other.effect) - Math.abs(one.effect),
    );

/** What several tracks of a suite have in common. */
export interface ToldBreak extends Break {
  readonly suite: string;
  readonly metrics: readonly HistoryMetric[];
}

/** The breaks of all tracks, each told once, the oldest first. */
export const breaksIn = (tracks: readonly Track[]): readonly ToldBreak[] => {
  const told = new Map<string, ToldBreak>();
  for (const { suite, metric, series } of tracks) {
    for (const { break: one } of series) {
      if (one === null) continue;
      const key = breakKey(suite, one);
      const known = told.get(key)?.metrics ?? [];
      told.set(key, { ...one, suite, metrics: known.includes(metric) ? known : [...known, metric] });
    }
  }
  return [...told.values()].toSorted((one, other) =>
    one.after.startedAt.localeCompare(other.after.startedAt),
  );
};

export const breakKey = (suite: string, { after, reasons }: Break): string =>
  JSON.stringify([suite, after.folder, reasons]);

/** `A` to `Z`, then `A2` and so on. */
export const breakLetter = (index: number): string =>
  `${String.fromCharCode(65 + (index % 26))}${index < 26 ? '' : Math.floor(index / 26) + 1}`;
