/** The words for what cannot be concluded, and for what disturbed a measurement. */
import type { Caution, TrialName } from '../../harness/analysis/caution.js';
import type { Warning, WarningKind } from '../../results/measurement/warning.js';
import type { BudgetMetric } from '../../results/plan/budget-metrics.js';
import { plainText } from '../text/text.js';
import { listed, plural } from '../text/words.js';
import { BUDGET_NAMES } from './budget.js';

/** In the order of the first of each kind. */
export const cautionsByKind = (
  cautions: readonly Caution[],
): readonly (readonly [Caution, ...Caution[]])[] => {
  const kinds = new Map<Caution['kind'], [Caution, ...Caution[]]>();
  for (const caution of cautions) {
    const same = kinds.get(caution.kind);
    if (same === undefined) kinds.set(caution.kind, [caution]);
    else same.push(caution);
  }
  return [...kinds.values()];
};

export const cautionText = (caution: Caution): string =>
  (CAUTIONS[caution.kind] as (caution: Caution) => string)(caution);

/** Of many of one kind the first few: the page has all. */
export const cautionLines = (cautions: readonly Caution[]): string[] =>
  cautionsByKind(cautions).flatMap((same) => {
    const shown = same.length === MOST_OF_A_KIND + 1 ? same : same.slice(0, MOST_OF_A_KIND);
    const texts = shown.map((caution) => plainText(cautionText(caution)));
    return same.length === shown.length
      ? texts
      : [...texts, `${same.length - shown.length} more like it, on the page.`];
  });

const MOST_OF_A_KIND = 3;

/** Records of earlier versions hold the sentence itself. */
export const warningText = (warning: Warning): string =>
  typeof warning === 'string'
    ? warning
    : (WARNINGS[warning.kind] as (warning: WarningKind) => string)(warning);

type Words<U extends { readonly kind: string }> = {
  readonly [K in U['kind']]: (of: Extract<U, { readonly kind: K }>) => string;
};

const CAUTIONS: Words<Caution> = {
  'trials-failed': ({ trials, of }) =>
    `${trials.length} of ${plural(of, 'trial')} failed (${names(trials)}): candidates are compared on the seeds that finished.`,
  'trials-pending': ({ trials, of }) =>
    `${trials.length} of ${plural(of, 'trial')} ${trials.length === 1 ? 'has' : 'have'} not finished (${names(trials)}): candidates are compared on the seeds that have.`,
  'learned-nothing': ({ trials, of }) =>
    `${trials.length} of ${plural(of, 'trial')} learned nothing (${names(trials)}): their top-1 is no better than guessing. ` +
    'The recipe does not suit them: try other learning rates for all candidates with --tune.',
  'lost-in-chance': ({ trials, of, testImages, guessing }) =>
    `${trials.length} of ${plural(of, 'trial')} cannot be told from guessing (${names(trials)}): on ${plural(testImages, 'test image')} it reaches ` +
    `up to ${(100 * guessing).toFixed(0)} %. Test on more images.`,
  'one-seed': ({ recommended }) =>
    `All accuracies come from one seed: the variance between seeds is unknown, so their intervals are over test images alone, and no difference is decided. Run at least ${recommended}.`,
  'few-seeds': ({ seeds, recommended }) =>
    seeds === 1
      ? `Some accuracies come from one seed: no difference between these and others is decided. Run at least ${recommended}.`
      : `Some accuracies come from only ${seeds} seeds: ${recommended} or more give much narrower intervals.`,
  'rate-at-edge': ({ candidates, lowest, highest }) =>
    `${listed(candidates.map(({ candidate, learningRate }) => `${candidate} (${learningRate})`))} did best at the edge of the learning ` +
    `rates tried (${lowest} to ${highest}): a rate outside that range may give a higher accuracy.`,
  'several-looks': () =>
    'The accuracies were looked at while more seeds could be added (--until-decided); each look uses half the significance level.',
  'no-latency': () => 'No latency was measured.',
  'latency-missing': ({ candidates }) =>
    `Latency is missing for ${listed(candidates.map(({ candidate, state }) => `${candidate} (${state})`))}.`,
  'int8-failed': ({ trials, of, reason }) =>
    `${trials.length} of ${of} trials ${trials.length === 1 ? 'has' : 'have'} no result in int8 (${names(trials)}): ${reason.replace(/\.?$/, '.')} Their results in float count.`,
  'no-int8-latency': ({ engine, device }) =>
    `Latency in int8 was not measured: networks were tested in int8 by onnxruntime on the CPU, but timed by ${engine} on ${device}.`,
  'one-session': ({ recommended }) =>
    `Latency was measured in one session: the variance between sessions is unknown, so no difference is decided. Measure in at least ${recommended}.`,
  'few-sessions': ({ sessions, recommended }) =>
    `Latency was measured in only ${sessions} sessions: ${recommended} or more give much narrower intervals.`,
  'no-control': () => 'There was no A/A control: the noise floor of the latencies is unknown.',
  'noise-floor': ({ floor, threshold }) =>
    `Noise floor ${(100 * floor).toFixed(floorDigits(floor, threshold))} %: smaller latency differences cannot be resolved, although the threshold is ${percent(threshold)}.`,
  machine: ({ warning }) => warningText(warning),
  'budget-of-this-machine': () =>
    'The latency budget was met on this machine: on another machine or another day, other knob values meet it.',
  'off-latency-budget': ({ candidate, residual }) =>
    `${candidate} was matched to the latency budget before the run, but measured ${percent(residual)} off it during the run.`,
  'no-knob': ({ candidate, metric, residual }) =>
    `${candidate} has no knob: its ${BUDGET_NAMES[metric]} ${PLURALS.has(metric) ? 'are' : 'is'} ${percent(residual)} off the budget.`,
  'same-network': ({ candidates }) => `${listed(candidates)} are the same network, so they tie.`,
  'incomplete-design': ({ candidates, combinations }) =>
    `Factor effects are not estimated: ${plural(candidates, 'candidate')} for ${combinations} combinations of levels is not a full factorial design.`,
};

const WARNINGS: Words<WarningKind> = {
  load: ({ load, cores }) =>
    `The load average is ${load.toFixed(2)} on ${plural(cores, 'core')}: other programs disturb the latencies.`,
  'others-busy': ({ share }) =>
    `Other programs used ${wholePercent(share)} of the CPU time while latency was measured, and disturb the latencies.`,
  'heat-since-boot': ({ times }) =>
    `The CPU has been throttled due to heat ${plural(times, 'time')} since the machine started.`,
  'heat-while-measuring': ({ times }) =>
    `The CPU was throttled due to heat ${plural(times, 'time')} while latency was measured.`,
  governor: ({ governor }) =>
    `The CPU frequency governor is ${governor}: latencies depend on how busy the machine has been.`,
  'speed-limit': ({ share }) =>
    `The system caps the CPU at ${wholePercent(share)} of full speed, due to heat or power limits.`,
  'gpu-slowed': ({ slowed }) =>
    `The GPU lowered its clock while latency was measured: ${listed(slowed.map(({ slowdown, share }) => `${slowdown} (${wholePercent(share)} of the time)`))}.`,
  'torn-journal': ({ bytes }) =>
    `The last journal line was cut off during writing (${plural(bytes, 'byte')}) and is ignored.`,
  'journal-lines-missing': ({ lines }) =>
    `${plural(lines, 'line')} of the journal ${lines === 1 ? 'is' : 'are'} missing: what they recorded does not count.`,
};

const PLURALS: ReadonlySet<BudgetMetric> = new Set(['params', 'macs']);

const names = (trials: readonly TrialName[]): string =>
  trials.map(({ candidate, seed }) => `${candidate} seed ${seed}`).join(', ');

/** As many as tell the floor from the threshold, which it exceeds. */
const floorDigits = (floor: number, threshold: number): number => {
  const digits = [1, 2, 3].find((count) => (100 * floor).toFixed(count) !== (100 * threshold).toFixed(count));
  return digits ?? 4;
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const wholePercent = (share: number): string => `${Math.round(100 * share)} %`;
