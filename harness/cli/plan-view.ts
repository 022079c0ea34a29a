/** Prints what a run would do: conditions, costs, and what the search for the budget chose. */
import type { CandidateRecord, Plan } from '../../results/record.js';
import type { BudgetMatch } from '../run/budget.js';
import { printLine } from './command.js';
import { short } from './format.js';
import { textTable } from './table.js';

export const printPlan = ({
  title,
  question,
  candidates,
  candidatesAt224,
  conditions,
  tries,
  trials,
}: Plan): void => {
  printLine(title);
  printLine(question);
  printLine();
  const { dataset, input, recipe, engine } = conditions;
  printLine(
    `${dataset.id}, ${dataset.trainImages} training images as ${input.join('x')}; ${recipe.epochs} epochs, batch ${recipe.batch}; ` +
      `${engine.id} ${engine.version} on ${engine.device}; ${trials.length} trials`,
  );
  const { tuning } = conditions;
  if (tuning !== undefined && tries !== undefined) {
    printLine(
      `before that ${tries.length} tries of ${tuning.epochs} epochs: learning rates ${tuning.learningRates.join(', ')} for every candidate, chosen on validation`,
    );
  }
  printLine();
  printLine(costsOf(candidates));
  printLine();
  if (candidates.some(({ budget }) => budget?.metric === 'latency')) {
    printLine(
      'The latencies were measured on this machine just now; on another, or later, other values meet the budget.',
    );
    printLine();
  }
  if (candidatesAt224 === undefined) return;
  printLine('At the scale of ImageNet, 3x224x224 and 1000 classes; costs alone, nothing is trained there');
  printLine();
  printLine(costsOf(candidatesAt224));
  printLine();
};

const residualText = ({ residual, residualInterval95 }: BudgetMatch): string => {
  const percent = (share: number): string => `${share < 0 ? '-' : '+'}${(100 * Math.abs(share)).toFixed(2)}`;
  if (residualInterval95 === undefined) return `${percent(residual)} %`;
  return `${percent(residual)} % (${residualInterval95.map(percent).join(' to ')})`;
};

const costsOf = (candidates: readonly CandidateRecord[]): string =>
  textTable(
    [
      { heading: 'candidate' },
      { heading: 'params', align: 'right' },
      { heading: 'MACs', align: 'right' },
      { heading: 'to budget', align: 'right' },
      { heading: 'by' },
      { heading: 'in blocks', align: 'right' },
    ],
    candidates.map(({ name, costs, budget, blockShare }) => [
      name,
      short(costs.deploy.params),
      short(costs.deploy.macs),
      budget === undefined ? '' : residualText(budget),
      budget === undefined ? '' : `${budget.knob}=${Number(budget.value.toPrecision(4))}`,
      `${(100 * blockShare.params).toFixed(0)} %`,
    ]),
  );
