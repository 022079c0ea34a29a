import type { Chart } from './chart.js';
import { trainingCurve } from './training-curve.js';

export const validationCurves: Chart = {
  id: 'validation-curves',
  title: 'Validation accuracy during training',
  caption: 'Validation top-1 after every epoch: mean over seeds, and the range of the seeds as a band.',
  draw: (view) =>
    trainingCurve(view, {
      title: 'Validation top-1 (%)',
      of: ({ validationTop1 }) => 100 * validationTop1,
      digits: 1,
    }),
};
