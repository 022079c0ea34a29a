/** What the search for a budget chose, in words. */

import type { BudgetMetric } from '../../results/plan/budget-metrics.js';
import { type BudgetMatch, knobsOf } from '../../results/plan/candidate.js';
import { signed } from '../text/numbers.js';

/** What budgets set, as sentences name it. */
export const BUDGET_NAMES: Readonly<Record<BudgetMetric, string>> = {
  params: 'parameters',
  macs: 'MACs',
  'peak-memory': 'peak memory',
  latency: 'latency',
};

/** `expansion = 2.5, width = 0.75`. */
export const knobsText = (budget: BudgetMatch): string =>
  knobsOf(budget)
    .map(({ option, value }) => `${option} = ${Number(value.toPrecision(4))}`)
    .join(', ');

/** Per cent: of both budgets where there are two, with the interval where the cost was measured. */
export const residualText = ({ residual, residualInterval95, second }: BudgetMatch): string => {
  const percent = (share: number): string => signed(100 * share, 2);
  if (second !== undefined) return `${percent(residual)}, ${percent(second.residual)}`;
  if (residualInterval95 === undefined) return percent(residual);
  return `${percent(residual)} (${residualInterval95.map(percent).join(' to ')})`;
};
