/** Share of a cost by kind of operation, as in Fig. 1 of the paper: the frame of two charts. */
import { COST_KINDS } from '../../harness/cost/kinds.js';
import { KIND_COLORS, ON_PALE } from '../palette.js';
import type { ChartCandidate, ChartView } from '../view/chart-view.js';
import { candidateRow, MOST_NAMED, ROW_MARGIN, rowHeight, rowSymbols } from './candidate-rows.js';
import type { Chart, Drawing, KeyEntry, Margins } from './chart.js';
import { frame } from './frame.js';

export const costShareParams: Chart = {
  id: 'cost-share-params',
  title: 'Where the parameters are',
  caption: 'Share of the parameters of the deploy form by kind of operation.',
  most: MOST_NAMED,
  draw: (view) => costShare(view, 'params', 'parameters'),
};

export const costShareMacs: Chart = {
  id: 'cost-share-macs',
  title: 'Where the MACs are',
  caption: 'Share of the MACs of the deploy form by kind of operation.',
  most: MOST_NAMED,
  draw: (view) => costShare(view, 'macs', 'MACs'),
};

const costShare = (view: ChartView, metric: 'params' | 'macs', noun: string): Drawing | null => {
  if (view.candidates.length > MOST_NAMED) return null;
  const rows = view.candidates.flatMap((candidate) => sharesOf(candidate, metric));
  if (rows.length === 0) return null;
  const candidates = view.candidates.filter(({ label }) => rows.some(({ candidate }) => candidate === label));
  const step = rowHeight(candidates.length);
  const pointwise = rows.filter(({ kind }) => kind === 'pointwise').map(({ tip }) => tip);
  const spec: Drawing['spec'] = {
    ...frame(
      MARGINS,
      step * candidates.length,
      `Share of ${noun} by kind of operation: ${pointwise.slice(0, 40).join('; ')}.`,
    ),
    data: { name: 'shares', values: rows },
    encoding: {
      y: candidateRow(candidates),
      x: {
        field: 'start',
        type: 'quantitative',
        title: `Share of ${noun} (%)`,
        scale: { domain: [0, 100], nice: false },
        axis: { values: [0, 25, 50, 75, 100], grid: false },
      },
    },
    layer: [
      rowSymbols(candidates),
      {
        mark: { type: 'bar', height: { band: 0.78 }, stroke: null },
        encoding: {
          x2: { field: 'end' },
          color: {
            field: 'kind',
            type: 'nominal',
            title: null,
            scale: { domain: [...COST_KINDS], range: COST_KINDS.map((kind) => KIND_COLORS[kind]) },
          },
          tooltip: { field: 'tip', type: 'nominal' },
          description: { field: 'tip', type: 'nominal' },
        },
      },
      {
        transform: [{ filter: 'datum.end - datum.start >= 9' }],
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 4, fontSize: 10, color: ON_PALE },
        encoding: { text: { field: 'share', type: 'quantitative', format: '.0f' } },
      },
    ],
  };
  return { spec, margins: MARGINS, key: KEY.filter(({ label }) => rows.some(({ kind }) => kind === label)) };
};

const MARGINS: Margins = { left: ROW_MARGIN, right: 14, top: 4, bottom: 44 };

const KEY: readonly KeyEntry[] = COST_KINDS.map((kind) => ({ label: kind, color: KIND_COLORS[kind] }));

const sharesOf = ({ label, candidate }: ChartCandidate, metric: 'params' | 'macs') => {
  const { byKind, [metric]: total } = candidate.costs.deploy;
  if (total === 0) return [];
  let end = 0;
  return COST_KINDS.flatMap((kind) => {
    const share = (100 * (byKind[kind]?.[metric] ?? 0)) / total;
    const start = end;
    end += share;
    return share === 0
      ? []
      : [{ candidate: label, kind, share, start, end, tip: `${label}, ${kind} ${share.toFixed(1)} %` }];
  });
};
