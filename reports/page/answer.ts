/** What a run says about its question, in sentences: who leads, what is a tie, what is undecided and what would decide it. */
import type { Comparison, Metric } from '../../harness/analysis/analysis.js';
import { latencyColumn, top1Column } from '../columns.js';
import { pairsOf } from '../comparisons.js';
import { listed, plural } from '../text.js';
import type { CandidateView, GroupView, ReportView } from '../view.js';
import { claimCounts } from './claims.js';
import { type Html, html } from './html.js';

export const answer = (view: ReportView): Html => {
  const done = view.run.trials.filter(({ state }) => state === 'done').length;
  const { claims } = view.analysis;
  const incomplete = done < view.run.trials.length;
  return html`<div class="answer">
${view.groups.map((group) => html`<p>${accuracySentences(view, group)} ${latencySentence(view, group)}</p>`)}
${claims.length === 0 ? null : html`<p>Statements of the suite: ${claimCounts(claims)}.</p>`}
${incomplete ? html`<p>${done} of ${plural(view.run.trials.length, 'trial')} are done; what is missing is listed below.</p>` : null}
</div>`;
};

const accuracySentences = (view: ReportView, { title, candidates, comparable }: GroupView): Html => {
  const { of, format } = top1Column(view);
  const withValue = (candidate: CandidateView) => {
    const estimate = of(candidate);
    return html`<b>${candidate.name}</b>${estimate && ` (${format(estimate.value)} %)`}`;
  };
  const ranked = candidates.filter(({ top1 }) => top1 !== null);
  const leaders = ranked.filter((candidate) => ranked.length === 1 || isFirst(candidate, 'top1'));
  const [leader, second] = leaders;
  if (leader === undefined) return html`<b>${title}</b>: no accuracy yet.`;
  const interval = leader.top1?.interval?.map((end) => format(100 * end));
  const value = of(leader);
  const measured = html`top-1 ${value && format(value.value)} %${interval ? `, 95 % interval ${interval.join(' to ')} %` : ''}`;
  if (ranked.length === 1)
    return html`<b>${title}</b>: only <b>${leader.name}</b> has a result, ${measured}.`;
  const opening =
    second === undefined
      ? html`<b>${title}</b>: <b>${leader.name}</b> is the most accurate of ${ranked.length} candidates (${measured}).`
      : html`<b>${title}</b>: ${togetherText(leaders, ranked)}: ${inWords(shortened(leaders.map(withValue)))}.`;
  return html`${opening} ${pairSentence(pairsOf(comparable, 'top1'))}`;
};

/** One that varies much may be first, for no test tells it from another, though its mean is below that of a later one. */
const togetherText = (leaders: readonly CandidateView[], ranked: readonly CandidateView[]): string => {
  if (leaders.length === ranked.length) return `no test separates the ${ranked.length} candidates`;
  const values = (of: readonly CandidateView[]) => of.map(({ top1 }) => top1?.value ?? Number.NaN);
  const others = ranked.filter((candidate) => !leaders.includes(candidate));
  return Math.min(...values(leaders)) >= Math.max(...values(others))
    ? `no test separates the ${leaders.length} most accurate of ${ranked.length} candidates`
    : `no test puts any of ${ranked.length} candidates before these ${leaders.length}`;
};

/** Counts what is decided, and what would decide the rest. */
const pairSentence = (pairs: readonly Comparison[]): Html => {
  const count = (state: string) => pairs.filter(({ verdict }) => verdict.state === state).length;
  const [ties, undecided] = [count('tie'), count('undecided')];
  const decided = pairs.length - ties - undecided;
  const threshold = Math.max(0, ...pairs.map((pair) => 100 * pair.threshold));
  const parts = [
    ...(decided === 0 ? [] : [`${isOrAre(decided, pairs)} decided`]),
    ...(ties === 0 ? [] : [`${isOrAre(ties, pairs)} tied (within ${threshold} points)`]),
    ...(undecided === 0 ? [] : [`${isOrAre(undecided, pairs)} undecided`]),
  ];
  const subject = pairs.length === 1 ? 'Their difference' : `Of ${pairs.length} pairs,`;
  return html`${subject} ${listed(parts)}${undecided === 0 ? '' : `; ${neededSentence(pairs)}`}.`;
};

const isOrAre = (count: number, { length }: readonly Comparison[]): string => {
  if (count === length) return length === 1 ? 'is' : 'all are';
  return count === 1 ? '1 is' : `${count} are`;
};

const neededSentence = (pairs: readonly Comparison[]): string => {
  const needs = pairs.flatMap(({ verdict }) => (verdict.state === 'undecided' ? [verdict.needed] : []));
  const known = needs.flatMap((need) => (need === null ? [] : [need])).toSorted((a, b) => a.count - b.count);
  const [least, most] = [known[0], known.at(-1)];
  const all = needs.length === 1 ? 'it' : 'them';
  if (least === undefined || most === undefined)
    return `no number of seeds within reason would decide ${all}`;
  const range = most.count === least.count ? `${most.count}` : `${least.count} to ${most.count}`;
  const hopeless = needs.length - known.length;
  const which =
    hopeless === 0
      ? all
      : `${known.length} of them, and none within reason the other${hopeless === 1 ? '' : ` ${hopeless}`}`;
  return `about ${range} ${most.unit} would probably decide ${which}`;
};

const latencySentence = (view: ReportView, { candidates }: GroupView): Html | null => {
  const { of, format } = latencyColumn(view);
  const fastest = candidates.filter((candidate) => isFirst(candidate, 'latency'));
  if (fastest.length === 0) return null;
  const named = fastest.map((candidate) => {
    const estimate = of(candidate);
    return html`<b>${candidate.name}</b>${estimate && ` (${format(estimate.value)} ms)`}`;
  });
  return fastest.length === 1
    ? html`The fastest is ${named}.`
    : html`The fastest, not separated by any test, are ${inWords(shortened(named))}.`;
};

const isFirst = ({ rank }: CandidateView, metric: Metric): boolean =>
  rank[metric] === '1' || rank[metric] === '1=';

/** Long lists end in a number: the table has them all. */
const shortened = (parts: readonly Html[]): readonly Html[] =>
  parts.length <= MOST_NAMED + 1
    ? parts
    : [...parts.slice(0, MOST_NAMED), html`${parts.length - MOST_NAMED} others`];

const MOST_NAMED = 5;

const inWords = (parts: readonly Html[]): Html => {
  const last = parts.at(-1);
  if (last === undefined || parts.length === 1) return html`${parts}`;
  const others = parts.slice(0, -1).map((part, index) => html`${index === 0 ? '' : ', '}${part}`);
  return html`${others} and ${last}`;
};
