import type { Chart } from './chart.js';
import { costShare } from './cost-share.js';

export const costShareParams: Chart = {
  id: 'cost-share-params',
  title: 'Where the parameters are',
  caption: 'Share of the parameters of the deploy form by kind of operation.',
  draw: (view) => costShare(view, 'params', 'parameters'),
};
