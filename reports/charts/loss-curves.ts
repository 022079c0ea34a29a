import type { Chart } from './chart.js';
import { trainingCurve } from './training-curve.js';

export const lossCurves: Chart = {
  id: 'loss-curves',
  title: 'Training loss',
  caption:
    'Mean loss over the batches of every epoch: mean over seeds, and the range of the seeds as a band.',
  draw: (view) =>
    trainingCurve(view, { title: 'Training loss (nats)', of: ({ trainLoss }) => trainLoss, digits: 3 }),
};
