/** A run and its analysis as reports show them: candidates in the order of their rank, with clean names and a look of their own. */
import type {
  Analysis,
  CandidateSummary,
  ComparableGroup,
  Metric,
  Place,
} from '../harness/analysis/analysis.js';
import type { CandidateRecord, LatencyState, Run, TrialState } from '../results/record.js';
import { type Look, lookOf } from './palette.js';
import { distinct, plainText, shorten } from './text.js';

export interface ReportInput {
  readonly run: Run;
  readonly analysis: Analysis;
}

export interface CandidateView extends CandidateSummary {
  /** Name as it is in the records: what comparisons and trials are found by. */
  readonly id: string;
  /** The name without control characters. */
  readonly name: string;
  /** At most 22 characters, different for every candidate. */
  readonly label: string;
  readonly look: Look;
  readonly trials: readonly TrialState[];
  readonly latency: LatencyState;
  /** `1`, or `1=` where several candidates share the rank; null where the metric ranks no other candidate. */
  readonly rank: Readonly<Record<Metric, string | null>>;
}

export interface GroupView {
  readonly title: string;
  /** Best top-1 first; those without a result last. */
  readonly candidates: readonly CandidateView[];
  /** What the others are compared with: the first candidate of the group in the suite. */
  readonly reference: CandidateView;
  readonly comparable: ComparableGroup;
}

export interface ReportView extends ReportInput {
  readonly groups: readonly GroupView[];
  /** Those of all groups, in their order. */
  readonly candidates: readonly CandidateView[];
}

export const viewOf = ({ run, analysis }: ReportInput): ReportView => {
  const views = candidateViews(run, analysis);
  const groups = analysis.groups.flatMap((comparable) => groupView(comparable, views, analysis));
  return { run, analysis, groups, candidates: groups.flatMap(({ candidates }) => candidates) };
};

const LABEL_LENGTH = 22;

const candidateViews = (run: Run, analysis: Analysis): CandidateView[] => {
  const names = analysis.candidates.map(({ candidate }) => plainText(candidate.name) || 'unnamed');
  const labels = distinct(names.map((name) => shorten(name, LABEL_LENGTH)));
  return analysis.candidates.map((summary, index) => {
    const id = summary.candidate.name;
    return {
      ...summary,
      id,
      name: names[index] ?? id,
      label: labels[index] ?? id,
      look: lookOf(index),
      trials: run.trials.filter(({ candidate }) => candidate === id),
      latency: run.latency.get(id) ?? { state: 'pending' },
      rank: ranksOf(id, analysis.groups),
    };
  });
};

const ranksOf = (id: string, groups: readonly ComparableGroup[]): CandidateView['rank'] => {
  const group = groups.find(({ candidates }) => candidates.includes(id));
  const rank = (metric: Metric) => rankLabel(id, group?.rankings[metric] ?? []);
  return {
    top1: rank('top1'),
    latency: rank('latency'),
    params: rank('params'),
    macs: rank('macs'),
    flops: rank('flops'),
  };
};

const rankLabel = (id: string, places: readonly Place[]): string | null => {
  const place = places.find(({ candidate }) => candidate === id);
  if (place === undefined || places.length === 1) return null;
  const shared = places.filter(({ rank }) => rank === place.rank).length > 1;
  return `${place.rank}${shared ? '=' : ''}`;
};

const groupView = (
  comparable: ComparableGroup,
  views: readonly CandidateView[],
  { groups }: Analysis,
): GroupView[] => {
  const members = comparable.candidates.flatMap((id) => views.filter((view) => view.id === id));
  const [reference] = members;
  if (reference === undefined) return [];
  const alike = groups.filter(({ group }) => group === comparable.group).length > 1;
  const title = alike
    ? `${GROUP_TITLES[comparable.group]}, skeleton ${reference.candidate.skeleton.slice(0, 8)}`
    : GROUP_TITLES[comparable.group];
  return [{ title, candidates: members.toSorted(byTop1), reference, comparable }];
};

const GROUP_TITLES: Record<CandidateRecord['group'], string> = {
  lightnet: 'Blocks in LightNet',
  network: 'Published networks',
};

const byTop1 = (a: CandidateView, b: CandidateView): number =>
  rankNumber(a) - rankNumber(b) || (b.top1?.value ?? -1) - (a.top1?.value ?? -1);

const rankNumber = ({ rank }: CandidateView): number =>
  rank.top1 === null ? Number.MAX_SAFE_INTEGER : Number.parseInt(rank.top1, 10);
