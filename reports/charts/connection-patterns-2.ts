import type { Chart } from './chart.js';
import { connectionPatternChart } from './connection-patterns.js';

export const connectionPatterns2: Chart = {
  id: 'connection-patterns-2',
  title: 'Second channel operator',
  caption:
    'Which inputs (left to right) each output (top to bottom) depends on; of several layers each, then the whole. Pale blue is part of a cell.',
  draw: (view) => connectionPatternChart(view, 'channel2'),
};
