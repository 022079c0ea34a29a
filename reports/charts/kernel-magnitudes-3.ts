import type { Chart } from './chart.js';
import { kernelMagnitudeChart } from './kernel-magnitudes.js';

export const kernelMagnitudes3: Chart = {
  id: 'kernel-magnitudes-3',
  title: 'Depthwise kernels of 3 × 3',
  caption:
    'What share of the magnitude of a kernel lies in each tap (%), over all such kernels of the deploy form, those of the stem included, and over seeds.',
  draw: (view) => kernelMagnitudeChart(view, 3),
};
