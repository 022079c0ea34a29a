import type { Chart } from './chart.js';
import { kernelMagnitudeChart } from './kernel-magnitudes.js';

export const kernelMagnitudes7: Chart = {
  id: 'kernel-magnitudes-7',
  title: 'Depthwise kernels of 7 × 7',
  caption:
    'What share of the magnitude of a kernel lies in each tap (%), over all such kernels of the deploy form, those of the stem included, and over seeds.',
  draw: (view) => kernelMagnitudeChart(view, 7),
};
