import { peakMemoryColumn } from '../view/columns.js';
import { accuracyScatter } from './accuracy-scatter.js';
import { budgetTarget } from './budget.js';
import type { Chart } from './chart.js';

export const accuracyPeakMemory: Chart = {
  id: 'accuracy-peak-memory',
  title: 'Accuracy against peak memory',
  caption:
    'Test top-1 and the activations of one image that the deploy form keeps at once, in int8 and in the best order of its operations; in float32 they take four times as much.',
  draw: (view) => {
    const { unit, of, format } = peakMemoryColumn(view);
    return accuracyScatter(view, {
      title: `Peak memory of activations in int8 (${unit})`,
      noun: 'peak memory of the deploy form',
      of,
      format: (value) => `${format(value)} ${unit}`,
      cost: 'peak-memory',
      column: 'peak_memory_values_deploy',
      factor: 1024,
      budget: budgetTarget(view, 'peak-memory', 1024),
    });
  },
};
