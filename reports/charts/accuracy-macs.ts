import { costColumn } from '../view/columns.js';
import { accuracyScatter } from './accuracy-scatter.js';
import { budgetTarget } from './budget.js';
import type { Chart } from './chart.js';

export const accuracyMacs: Chart = {
  id: 'accuracy-macs',
  title: 'Accuracy against multiply-adds',
  caption: 'Test top-1 and multiply-adds per image, deploy form; many papers call these FLOPs.',
  draw: (view) => {
    const { unit, divisor, of, format } = costColumn(view, 'macs');
    return accuracyScatter(view, {
      title: unit === '' ? 'MACs per image' : `MACs per image (${unit})`,
      noun: 'multiply-adds of the deploy form',
      of: (candidate) => ({ value: of(candidate), interval: null }),
      format: (value) => `${format(value)} ${unit} MACs`,
      cost: 'macs',
      column: 'macs_deploy',
      factor: divisor,
      budget: budgetTarget(view, 'macs', divisor),
    });
  },
};
