import { latencyColumn } from '../columns.js';
import { accuracyScatter } from './accuracy-scatter.js';
import type { Chart } from './chart.js';

export const accuracyLatency: Chart = {
  id: 'accuracy-latency',
  title: 'Accuracy against latency',
  caption: 'Test top-1 and median latency of the deploy form, with 95 % intervals on both axes.',
  draw: (view) => {
    const { of, format } = latencyColumn(view);
    const { batch } = view.run.plan.latency;
    return accuracyScatter(view, {
      title: `Median latency, batch ${batch} (ms)`,
      noun: 'median latency of the deploy form',
      of,
      format: (value) => `${format(value)} ms`,
      cost: 'latency',
      budget: null,
    });
  },
};
