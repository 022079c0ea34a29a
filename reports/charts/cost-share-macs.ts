import type { Chart } from './chart.js';
import { costShare } from './cost-share.js';

export const costShareMacs: Chart = {
  id: 'cost-share-macs',
  title: 'Where the MACs are',
  caption: 'Share of the MACs of the deploy form by kind of operation.',
  draw: (view) => costShare(view, 'macs', 'MACs'),
};
