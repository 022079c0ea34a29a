/** What a run says about its question, in sentences: who leads, what is a tie, what is undecided and what would decide it. */
import type { ClaimAnswer, Comparison } from '../../../harness/analysis/analysis.js';
import type { Metric } from '../../../harness/analysis/metrics.js';
import { grouped } from '../../text/numbers.js';
import { plainText } from '../../text/text.js';
import { listed, plural, shorten } from '../../text/words.js';
import { latencyColumn, top1Column } from '../../view/columns.js';
import { pairsOf } from '../../view/comparisons.js';
import type { CandidateView, GroupView, ReportView } from '../../view/view.js';
import { amongPairsText, besideText } from '../../wording/claim-text.js';
import { effectText, neededText, unitOf } from '../../wording/effect-text.js';
import { unequalCostsText } from '../../wording/otherwise.js';
import { type Html, html } from '../html/html.js';
import { claimCounts, claimState, ruledOutText } from '../verdicts/claims.js';
import { leaderSentence, spreadSentence } from './cost-sentences.js';
import { decidingText } from './deciding.js';

export const answer = (view: ReportView): Html => {
  const done = view.run.trials.filter(({ state }) => state === 'done').length;
  const incomplete = done < view.run.trials.length;
  return html`<div class="answer">
${claimSentences(view)}
${view.groups.map((group) => html`<p>${accuracySentences(view, group)} ${latencySentence(view, group)}</p>`)}
${incomplete ? html`<p>${done} of ${plural(view.run.trials.length, 'trial')} are done; what is missing is listed below.</p>` : null}
</div>`;
};

/** Beyond it, the table has the others. */
const MOST_CLAIMS = 6;

/** A sentence a claim: the answer, the difference with its interval, what else differs, and what would decide what is open. */
const claimSentences = (view: ReportView): Html | null => {
  const { claims } = view.analysis;
  if (claims.length === 0) return null;
  const answered = claims.filter(({ state }) => !UNANSWERED.has(state));
  const worth = answered.length === 0 ? claims : answered;
  const shown = worth.length === MOST_CLAIMS + 1 ? worth : worth.slice(0, MOST_CLAIMS);
  const others = claims.filter((claim) => !shown.includes(claim));
  return html`<ul class="statements">${shown.map((claim) => html`<li>${claimState(claim)} <bdi>${shorten(plainText(claim.claim), LONGEST_CLAIM)}</bdi>${claimFigures(view, claim)}</li>`)}${
    others.length === 0
      ? null
      : html`<li>${plural(others.length, 'other statement')} of the suite: ${claimCounts(others)}; the table of claims says why.</li>`
  }</ul>`;
};

/** What has no figures is told by its number. */
const UNANSWERED: ReadonlySet<ClaimAnswer['state']> = new Set(['not-comparable', 'not-answerable']);

const LONGEST_CLAIM = 140;

const claimFigures = (view: ReportView, claim: ClaimAnswer): string => {
  switch (claim.state) {
    case 'not-answerable':
      return '.';
    case 'not-comparable':
      return `: ${unequalCostsText(claim.reason.costs)}.`;
    default: {
      const { comparison } = claim;
      const { value, interval } = effectText(comparison);
      const also = besideText(view.analysis, comparison);
      const open = claim.state === 'undecided' ? `; ${openText(view, comparison)}` : '';
      return `: ${value} ${unitOf(comparison.metric)}${interval === null ? '' : ` ${interval}`}${also === '' ? '' : `, with ${also}`}${ruledOutText(claim)}${amongPairsText(view.analysis, claim)}${open}.`;
    }
  }
};

/** More rounds decide what is said of these, more seeds all else. */
const LATENCIES: ReadonlySet<string> = new Set(['latency', 'latency-int8']);

const openText = (
  view: ReportView,
  comparison: Pick<
    Extract<ClaimAnswer, { comparison: unknown }>['comparison'],
    'verdict' | 'candidate' | 'reference' | 'metric'
  >,
): string => {
  const needed = neededText(comparison.verdict);
  if (needed === 'out of reach') {
    const what = LATENCIES.has(comparison.metric) ? 'rounds' : 'seeds';
    return `no number of ${what} within reason would decide it`;
  }
  const cost = decidingText(view, [comparison]);
  const { verdict } = comparison;
  const would =
    verdict.state === 'undecided' && verdict.needed?.isLeast
      ? 'are needed to decide it'
      : 'would probably decide it';
  return `${needed} ${would}${cost === '' ? '' : ` (${cost})`}`;
};

const accuracySentences = (view: ReportView, { title, candidates, comparable }: GroupView): Html => {
  const { of, format } = top1Column(view);
  const withValue = (candidate: CandidateView) => {
    const estimate = of(candidate);
    return html`${bold(candidate)}${estimate && ` (${format(estimate.value)}\u00a0%)`}`;
  };
  const trained = candidates.filter(({ top1 }) => top1 !== null);
  const ranked = trained.filter(({ rank }) => trained.length === 1 || rank.top1 !== null);
  const leaders = ranked.filter((candidate) => ranked.length === 1 || isFirst(candidate, 'top1'));
  const [leader, second] = leaders;
  if (leader === undefined) {
    return trained.length === 0
      ? html`<b>${title}</b>: no accuracy yet.`
      : html`<b>${title}</b>: not ranked by accuracy. ${apartSentence(trained, [])}`;
  }
  const interval = leader.top1?.interval?.map((end) => format(100 * end));
  const value = of(leader);
  const measured = html`top-1 ${value && format(value.value)} %${interval ? `, 95 % interval ${interval.join(' to ')} %` : ''}`;
  if (candidates.length === 1) return html`<b>${title}</b>: ${bold(leader)} alone, ${measured}.`;
  if (ranked.length === 1) return html`<b>${title}</b>: only ${bold(leader)} has a result, ${measured}.`;
  const opening =
    second === undefined
      ? html`<b>${title}</b>: ${bold(leader)} is the most accurate of ${ranked.length} candidates (${measured}).`
      : html`<b>${title}</b>: ${togetherText(leaders, ranked)}: ${inWords(shortened(leaders.map(withValue)))}.`;
  const pairs = pairsOf(comparable, 'top1');
  const also =
    second === undefined ? leaderSentence(leader, comparable) : spreadSentence(leaders, comparable);
  return html`${opening} ${also}${pairSentence(view, pairs)} ${apartSentence(trained, pairs)}`;
};

/** Pairs that may not be ranked are not among those that are counted. */
const apartSentence = ({ length }: readonly CandidateView[], pairs: readonly Comparison[]): string => {
  const apart = (length * (length - 1)) / 2 - pairs.length;
  if (apart === 0) return '';
  return `${plural(apart, 'pair')} ${apart === 1 ? 'is' : 'are'} not comparable: their networks differ in parameters or multiply-adds.`;
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
const pairSentence = (view: ReportView, pairs: readonly Comparison[]): Html => {
  const count = (state: string) => pairs.filter(({ verdict }) => verdict.state === state).length;
  const [ties, undecided] = [count('tie'), count('undecided')];
  const decided = pairs.length - ties - undecided;
  const threshold = Math.max(0, ...pairs.map((pair) => 100 * pair.threshold));
  const parts = [
    ...(decided === 0 ? [] : [`${isOrAre(decided, pairs)} decided`]),
    ...(ties === 0 ? [] : [`${isOrAre(ties, pairs)} tied (within ${threshold} points)`]),
    ...(undecided === 0 ? [] : [`${isOrAre(undecided, pairs)} undecided`]),
  ];
  const subject = pairs.length === 1 ? 'Their difference' : `Of ${grouped(pairs.length)} pairs,`;
  return html`${subject} ${listed(parts)}${undecided === 0 ? '' : `; ${neededSentence(view, pairs)}`}.`;
};

const isOrAre = (count: number, { length }: readonly Comparison[]): string => {
  if (count === length) return length === 1 ? 'is' : 'all are';
  return count === 1 ? '1 is' : `${grouped(count)} are`;
};

const neededSentence = (view: ReportView, pairs: readonly Comparison[]): string => {
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
      : `${grouped(known.length)} of them, and none within reason the other${hopeless === 1 ? '' : ` ${grouped(hopeless)}`}`;
  const cost = decidingText(view, pairs);
  const predicted = known.some(({ isLeast }) => !isLeast);
  return `${predicted ? 'about' : 'at least'} ${range} ${most.unit} ${predicted ? 'would probably' : 'are needed to'} decide ${which}${cost === '' ? '' : ` (${cost})`}`;
};

const latencySentence = (view: ReportView, { candidates }: GroupView): Html | null => {
  const { of, format } = latencyColumn(view);
  const fastest = candidates
    .filter((candidate) => isFirst(candidate, 'latency'))
    .toSorted((a, b) => (of(a)?.value ?? 0) - (of(b)?.value ?? 0));
  if (fastest.length === 0) return null;
  const named = fastest.map((candidate) => {
    const estimate = of(candidate);
    return html`${bold(candidate)}${estimate && ` (${format(estimate.value)} ms)`}`;
  });
  return fastest.length === 1
    ? html`The fastest is ${named}.`
    : html`The fastest, not separated by any test, are ${inWords(shortened(named))}.`;
};

const bold = ({ shortName }: CandidateView): Html => html`<b><bdi>${shortName}</bdi></b>`;

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
