import type { ChartView } from '../chart-view.js';
import { costColumn } from '../columns.js';

/** The budget of the suite in the unit of the cost column; null where candidates have none, or not the same one. */
export const budgetTarget = (view: ChartView, metric: 'params' | 'macs'): number | null => {
  const targets = new Set(
    view.candidates.map(
      ({ candidate: { budget } }) =>
        [budget, budget?.second].find((one) => one?.metric === metric)?.target ?? null,
    ),
  );
  const [target] = targets;
  return targets.size === 1 && target !== undefined && target !== null
    ? target / costColumn(view, metric).divisor
    : null;
};
