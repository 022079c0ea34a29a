/** A run and its analysis as reports show them: candidates in the order of their rank, with clean names and a look of their own. */
import type {
  Analysis,
  CandidateSummary,
  ComparableGroup,
  FactorEffect,
  Int8Analysis,
  Place,
} from '../../harness/analysis/analysis.js';
import { byMetric } from '../../harness/analysis/metrics.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../../results/plan/thresholds.js';
import type { LatencyState, Run, TrialState } from '../../results/run/run.js';
import { LABEL_ROOM } from '../charts/frame.js';
import { fitted } from '../charts/text-width.js';
import { lookOf } from '../palette.js';
import { plainText } from '../text/text.js';
import { distinct, distinctive } from '../text/words.js';
import { deviceNames } from '../wording/devices.js';
import type { ChartCandidate, ChartGroup, ChartView, EpochView, Int8View, SeedRange } from './chart-view.js';
import { groupTitles } from './group-titles.js';
import { meanMagnitudes } from './kernels.js';
import { rooflineOf } from './roofline.js';

/** A run, and what `analyse` makes of it. */
export interface ReportInput {
  readonly run: Run;
  readonly analysis: Analysis;
}

export interface CandidateView extends CandidateSummary, ChartCandidate {
  /** The name in tables: the whole one, or of many candidates the short one, for what all begin with hides what differs. */
  readonly tableName: string;
  readonly candidate: CandidateRecord;
  readonly top1: CandidateSummary['top1'];
  readonly latencyMs: CandidateSummary['latencyMs'];
  readonly trials: readonly TrialState[];
  readonly latency: LatencyState;
}

export interface GroupView extends ChartGroup {
  readonly candidates: readonly CandidateView[];
  readonly reference: CandidateView;
  readonly comparable: ComparableGroup;
}

export interface ReportView extends ReportInput, ChartView {
  readonly groups: readonly GroupView[];
  readonly candidates: readonly CandidateView[];
}

export const viewOf = ({ run, analysis }: ReportInput): ReportView => {
  const views = candidateViews(run, analysis);
  const groups = groupViews(analysis.groups, views);
  const names = deviceNames(analysis.devices);
  return {
    run,
    analysis,
    groups,
    candidates: groups.flatMap(({ candidates }) => candidates),
    testImages: run.plan.conditions.dataset.testImages,
    batch: run.plan.latency.batch,
    noiseFloor: analysis.latencyNoiseFloor,
    devices: analysis.devices.map(({ latencyMs }, index) => ({
      name: names[index] ?? '',
      latencyMs: Object.fromEntries(
        latencyMs.map(({ candidate, value, interval }) => [candidate, { value, interval }]),
      ),
    })),
    roofline: run.profile && rooflineOf(run.profile),
    int8: analysis.int8 && int8View(analysis.int8, run.plan.thresholds ?? DEFAULT_THRESHOLDS),
  };
};

const int8View = (
  { candidates, orderChanges }: Int8Analysis,
  { top1: threshold }: Pick<Thresholds, 'top1'>,
): Int8View => ({
  threshold,
  candidates: Object.fromEntries(
    candidates.map(({ candidate, top1, drop }) => [
      candidate,
      {
        ...{ top1, drop },
        turned: orderChanges.flatMap((pair) => {
          if (pair.candidate === candidate) return [pair.reference];
          return pair.reference === candidate ? [pair.candidate] : [];
        }),
      },
    ]),
  ),
});

/** What fits in three lines of the list of candidates. */
const SHORT_NAME_LENGTH = 48;

/** Beyond it, tables have short names. */
const MOST_WHOLE_NAMES = 60;

/** What fits beside a chart, of characters of usual width. */
const LABEL_LENGTH = 26;

const candidateViews = (run: Run, analysis: Analysis): ReadonlyMap<string, CandidateView> => {
  const names = analysis.candidates.map(({ candidate }) => plainText(candidate.name) || 'unnamed');
  const shortNames = distinctive(names, SHORT_NAME_LENGTH);
  const labels = distinct(distinctive(names, LABEL_LENGTH).map((label) => fitted(label, LABEL_ROOM)));
  const trialsOf = groupedBy(run.trials, ({ candidate }) => candidate);
  const groupOf = new Map(analysis.groups.flatMap((group) => group.candidates.map((id) => [id, group])));
  return new Map(
    analysis.candidates.map((summary, index) => {
      const id = summary.candidate.name;
      const trials = trialsOf.get(id) ?? [];
      const latency = run.latency.get(id) ?? { state: 'pending' };
      const view: CandidateView = {
        ...summary,
        id,
        name: names[index] ?? id,
        shortName: shortNames[index] ?? id,
        tableName: (names.length > MOST_WHOLE_NAMES ? shortNames : names)[index] ?? id,
        label: labels[index] ?? id,
        look: lookOf(index),
        trials,
        latency,
        rank: ranksOf(id, groupOf.get(id)),
        seedTop1: trials.flatMap((trial) =>
          trial.state === 'done' ? [{ seed: trial.seed, top1: trial.result.testTop1 }] : [],
        ),
        rounds:
          latency.state === 'done'
            ? { roundMs: latency.result.roundMs, medianMs: latency.result.medianMs }
            : null,
        epochs: epochsOf(trials),
        kernels: [3, 5, 7].flatMap((kernel) => {
          const matrix = meanMagnitudes({ trials }, kernel);
          return matrix === null ? [] : [{ kernel, matrix }];
        }),
      };
      return [id, view];
    }),
  );
};

const epochsOf = (trials: readonly TrialState[]): EpochView[] => {
  const records = trials.flatMap((trial) => (trial.state === 'done' ? trial.result.epochs : []));
  return [...groupedBy(records, ({ epoch }) => epoch)].map(([epoch, each]) => ({
    epoch,
    trainLoss: rangeOf(each.map(({ trainLoss }) => trainLoss)),
    validationTop1: rangeOf(each.map(({ validationTop1 }) => validationTop1)),
  }));
};

const groupedBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

const rangeOf = (values: readonly number[]): SeedRange => ({
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  low: Math.min(...values),
  high: Math.max(...values),
});

const ranksOf = (id: string, group: ComparableGroup | undefined): CandidateView['rank'] =>
  byMetric((metric) => rankLabel(id, group?.rankings[metric] ?? []));

const rankLabel = (id: string, places: readonly Place[]): string | null => {
  const place = places.find(({ candidate }) => candidate === id);
  if (place === undefined || places.length === 1) return null;
  const shared = places.filter(({ rank }) => rank === place.rank).length > 1;
  return `${place.rank}${shared ? '=' : ''}`;
};

const groupViews = (
  groups: readonly ComparableGroup[],
  views: ReadonlyMap<string, CandidateView>,
): readonly GroupView[] => {
  const untitled = groups.flatMap((comparable) => {
    const members = comparable.candidates.flatMap((id) => views.get(id) ?? []);
    const [reference] = members;
    if (reference === undefined) return [];
    const effects = comparable.effects.map(plainEffect);
    return [{ candidates: members.toSorted(byTop1), reference, comparable: { ...comparable, effects } }];
  });
  const titles = groupTitles(
    untitled.map(({ candidates, comparable }) => ({
      kind: comparable.group,
      members: candidates.map(({ candidate }) => candidate),
    })),
  );
  return untitled.map((group, i) => ({ title: titles[i] ?? '', ...group }));
};

const plainEffect = (effect: FactorEffect): FactorEffect => ({
  ...effect,
  of: effect.of.map(({ factor, level, reference }) => ({
    factor: plainText(factor),
    level: plainText(level),
    reference: plainText(reference),
  })),
});

const byTop1 = (a: CandidateView, b: CandidateView): number =>
  rankNumber(a) - rankNumber(b) || (b.top1?.value ?? -1) - (a.top1?.value ?? -1);

const rankNumber = ({ rank }: CandidateView): number =>
  rank.top1 === null ? Number.MAX_SAFE_INTEGER : Number.parseInt(rank.top1, 10);
