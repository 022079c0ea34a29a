import type { CountedMetric } from '../../results/plan/budget-metrics.js';
import type { ChartView } from '../view/chart-view.js';

/** The budget of the suite in a unit of so many; null where candidates have none, or not the same one. */
export const budgetTarget = (view: ChartView, metric: CountedMetric, unit: number): number | null => {
  const targets = new Set(
    view.candidates.map(
      ({ candidate: { budget } }) =>
        [budget, budget?.second].find((one) => one?.metric === metric)?.target ?? null,
    ),
  );
  const [target] = targets;
  return targets.size === 1 && target !== undefined && target !== null ? target / unit : null;
};
