import { costColumn } from '../columns.js';
import type { ReportView } from '../view.js';

/** The budget of the suite in the unit of the cost column; null where candidates have none, or not the same one. */
export const budgetTarget = (view: ReportView, metric: 'params' | 'macs'): number | null => {
  const targets = new Set(
    view.candidates.map(({ candidate: { budget } }) => (budget?.metric === metric ? budget.target : null)),
  );
  const [target] = targets;
  return targets.size === 1 && target !== undefined && target !== null
    ? target / costColumn(view, metric).divisor
    : null;
};
