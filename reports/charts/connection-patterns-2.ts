import type { Chart } from './chart.js';
import { connectionPatternChart } from './connection-patterns.js';

export const connectionPatterns2: Chart = {
  id: 'connection-patterns-2',
  title: 'Second channel operator',
  caption:
    'Which inputs (left to right) each output (top to bottom) depends on; of several layers each, then the whole. A cell is the paler, the fewer of its channels are connected.',
  draw: (view) => connectionPatternChart(view, 'channel2'),
};
