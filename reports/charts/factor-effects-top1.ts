import type { Chart } from './chart.js';
import { factorEffectChart } from './factor-effects.js';

export const factorEffectsTop1: Chart = {
  id: 'factor-effects-top1',
  title: 'What the factors do to accuracy',
  caption:
    'Change of top-1 from the reference level, over all levels of the other factors; with ×, how much two together do beyond the sum. Bars are 95 % intervals; differences within the band do not matter.',
  draw: (view) => factorEffectChart(view, 'top1', 'Change of top-1 (points)'),
};
