import { costColumn } from '../view/columns.js';
import { accuracyScatter } from './accuracy-scatter.js';
import { budgetTarget } from './budget.js';
import type { Chart } from './chart.js';

export const accuracyParams: Chart = {
  id: 'accuracy-params',
  title: 'Accuracy against parameters',
  caption:
    'Test top-1 and parameters of the deploy form. Bars are 95 % intervals over test images and, from two seeds on, seeds; a dashed line is the budget, a stepped line the Pareto front.',
  draw: (view) => {
    const { unit, divisor, of, format } = costColumn(view, 'params');
    return accuracyScatter(view, {
      title: unit === '' ? 'Parameters' : `Parameters (${unit})`,
      noun: 'parameters of the deploy form',
      of: (candidate) => ({ value: of(candidate), interval: null }),
      format: (value) => `${format(value)} ${unit} parameters`,
      cost: 'params',
      column: 'params_deploy',
      factor: divisor,
      budget: budgetTarget(view, 'params', divisor),
    });
  },
};
