import type { Chart } from './chart.js';
import { factorEffectChart } from './factor-effects.js';

export const factorEffectsLatency: Chart = {
  id: 'factor-effects-latency',
  title: 'What the factors do to latency',
  caption: 'Change of latency from the reference level, in the same way; to the right is slower.',
  draw: (view) => factorEffectChart(view, 'latency', 'Change of latency (%)'),
};
