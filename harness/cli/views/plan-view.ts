/** Prints what a run would do: conditions, costs, and what the search for the budget chose. */

import { listed, plural } from '../../../reports/text/words.js';
import { BUDGET_NAMES, knobsText, residualText } from '../../../reports/wording/budget.js';
import { settingText } from '../../../reports/wording/int8.js';
import { timesText, unequalCostsText } from '../../../reports/wording/otherwise.js';
import type { BudgetMetric } from '../../../results/plan/budget-metrics.js';
import { blockShareOf, type CandidateRecord } from '../../../results/plan/candidate.js';
import type { Plan } from '../../../results/plan/plan.js';
import type { RunEstimate } from '../../run/estimate.js';
import { type PlanNote, planNotes } from '../../run/plan/plan-notes.js';
import { printLine, printPainted, printProse } from '../command.js';
import { duration, kilobytes, short } from './format.js';
import { textTable } from './table.js';

/** How steps are computed, where it is not as usual. */
const waysOf = ({ precision, deterministic, compiled }: Plan['conditions']['recipe']): string =>
  [precision === 'bf16' && 'bf16', deterministic === true && 'deterministic', compiled === true && 'compiled']
    .flatMap((way) => (way === false ? [] : `, ${way}`))
    .join('');

export const printPlan = (plan: Plan, estimate: RunEstimate | null): void => {
  const { title, question, candidates, candidatesAt224, conditions, tries, trials } = plan;
  printLine(title);
  printProse(question);
  printLine();
  const { dataset, input, fit, recipe, engine } = conditions;
  printProse(
    `${dataset.id}, ${plural(dataset.trainImages, 'training image')} ${fit === undefined ? '' : `${FIT_TEXT[fit]} `}as ${input.join('x')}; ${plural(Number(recipe.epochs), 'epoch')}, batch ${recipe.batch}${waysOf(recipe)}; ` +
      `${engine.id} ${engine.version} on ${engine.device}; ${plural(trials.length, 'trial')}`,
  );
  const { tuning } = conditions;
  if (tuning !== undefined && tries !== undefined) {
    printProse(
      `first ${plural(tries.length, 'tuning try', 'tuning tries')} of ${plural(tuning.epochs, 'epoch')}: learning rates ${tuning.learningRates.join(', ')} for every candidate, chosen on validation images`,
    );
  }
  if (conditions.int8 !== undefined) printProse(settingText(conditions.int8));
  const budget = budgetLine(candidates);
  if (budget !== null) printProse(budget);
  if (estimate !== null) printProse(estimateLine(estimate));
  printLine();
  printPainted(costsOf(candidates));
  printLine();
  if (candidates.some(({ budget }) => budget?.metric === 'latency')) {
    printProse(
      'These latencies were measured on this machine just now; on another machine or at another time, other values meet the budget.',
    );
    printLine();
  }
  const notes = planNotes(plan);
  for (const note of notes) printProse(`note: ${noteText(note)}`);
  if (notes.length > 0) printLine();
  if (candidatesAt224 === undefined) return;
  printLine('Costs at ImageNet scale (3x224x224, 1000 classes); nothing is trained at that size');
  printLine();
  printPainted(costsOf(candidatesAt224));
  printLine();
};

const noteText = (note: PlanNote): string => {
  switch (note.state) {
    case 'not-comparable':
      return `"${note.claim}" will not be answered: ${unequalCostsText(note.reason.costs)}. Match both with budgets on params and macs.`;
    case 'no-difference-counts':
      return `no accuracy will be better than another: only differences beyond ${100 * note.threshold} points count, and networks that do no worse than guessing differ by ${Number((100 * note.most).toFixed(2))} at most. Lower thresholds.top1.`;
    case 'no-tie':
      return 'no two accuracies will be a tie: thresholds.top1 is 0, so every difference counts.';
    case 'ignores-budget':
      return `${listed(note.candidates)} ${note.candidates.length === 1 ? 'has' : 'have'} no knob, so the budget changes nothing there. Give ${note.candidates.length === 1 ? 'it' : 'them'} a knob.`;
    case 'unequal-sizes':
      return `${note.largest} has ${timesText(note.ratio)} the ${note.metric === 'params' ? 'parameters' : 'MACs'} of ${note.smallest}: a difference in accuracy may come from size alone. A budget with knobs makes sizes equal.`;
    case 'no-int8-latency':
      return `no latency in int8 will be measured: networks are tested in int8 by onnxruntime on the CPU, but timed by ${note.engine} on ${note.device}. Accuracies and drops in int8 will be there.`;
    case 'own-group':
      return `${listed(note.candidates)} will be ranked apart: ${groupReason(note)}.`;
  }
};

const groupReason = ({ candidates, reason }: Extract<PlanNote, { state: 'own-group' }>): string => {
  const one = candidates.length === 1;
  if (reason.kind === 'whole-networks') {
    return one
      ? 'it is a network of its own, not a block in the common skeleton'
      : 'they are networks of their own, not blocks in the common skeleton';
  }
  if (reason.differences.length === 0)
    return 'the network around the block is another, though its options are the same';
  return `the network around the block differs in ${listed(reason.differences)}`;
};

/** Rounded: it is a guess from a few steps. */
const estimateLine = ({ trainingSeconds, latencySeconds, jobs }: RunEstimate): string =>
  `time: about ${roughly(trainingSeconds)} to train all, ${jobs === 1 ? 'one at a time' : `${jobs} at a time`}, and up to ${roughly(latencySeconds)} to measure latency; what earlier runs trained takes none`;

/** Two digits of what it is counted in. */
const roughly = (seconds: number): string => {
  const step = seconds < 60 ? 5 : seconds < 600 ? 30 : seconds < 3600 ? 60 : 600;
  return duration(Math.max(step, Math.round(seconds / step) * step));
};

/** For example `budget: 34 k params of the deploy form, within 3 %`. */
const budgetLine = (candidates: readonly CandidateRecord[]): string | null => {
  const match = candidates.find(({ budget }) => budget !== undefined)?.budget;
  if (match === undefined) return null;
  const parts = [match, ...(match.second === undefined ? [] : [match.second])].map(
    ({ metric, target, tolerance }) =>
      `${TARGETS[metric](target)} within ${Number((100 * tolerance).toPrecision(3))} %`,
  );
  return `budget: ${listed(parts)}, of the deploy form`;
};

const TARGETS: Readonly<Record<BudgetMetric, (target: number) => string>> = {
  params: (target) => `${short(target)} ${BUDGET_NAMES.params}`,
  macs: (target) => `${short(target)} ${BUDGET_NAMES.macs}`,
  'peak-memory': (target) => `${kilobytes(target)} of ${BUDGET_NAMES['peak-memory']} in int8`,
  latency: (target) => `${target} ms`,
};

const FIT_TEXT: Readonly<Record<NonNullable<Plan['conditions']['fit']>, string>> = {
  scale: 'scaled',
  crop: 'cropped',
};

const costsOf = (candidates: readonly CandidateRecord[]): string => {
  const isBudgeted = candidates.some(({ budget }) => budget !== undefined);
  return textTable(
    [
      { heading: 'candidate' },
      { heading: 'params', align: 'right' },
      { heading: 'MACs', align: 'right' },
      { heading: 'off budget (%)', align: 'right' },
      { heading: 'knob' },
      { heading: 'in blocks', align: 'right' },
    ],
    candidates.map((candidate) => {
      const { name, costs, budget } = candidate;
      const share = blockShareOf(candidate);
      return [
        name,
        short(costs.deploy.params),
        short(costs.deploy.macs),
        budget === undefined ? '' : residualText(budget),
        budget === undefined ? (isBudgeted ? 'none' : '') : knobsText(budget),
        share === null ? '' : `${(100 * share.params).toFixed(0)} %`,
      ];
    }),
  );
};
