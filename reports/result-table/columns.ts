/** The columns that a table of results may have. */
import type { Metric } from '../../harness/analysis/metrics.js';
import { digitsOf, scaled, signed } from '../text/numbers.js';
import {
  costColumn,
  type EstimateColumn,
  latencyColumn,
  peakMemoryColumn,
  top1Column,
} from '../view/columns.js';
import { comparisonOf } from '../view/comparisons.js';
import type { CandidateView, GroupView, ReportView } from '../view/view.js';
import { type Cell, NONE } from './cell.js';

export interface TableColumn {
  readonly heading: string;
  /** Empty where it has none. */
  readonly unit: string;
  readonly align: 'left' | 'right';
  readonly cell: (candidate: CandidateView, group: GroupView) => Cell;
}

/** By id, in the order in which they stand by default. */
export const TABLE_COLUMNS = {
  candidate: () => ({ heading: 'Candidate', unit: '', align: 'left', cell: ({ name }) => text(name) }),
  seeds: () => ({
    heading: 'Seeds',
    unit: '',
    align: 'right',
    cell: ({ seeds }) => ({ kind: 'number', value: seeds.done, format: String }),
  }),
  params: (view) => cost(view, 'params', 'Parameters'),
  macs: (view) => cost(view, 'macs', 'MACs'),
  'peak-memory': (view) => peakMemory(view),
  top1: (view) => estimates(top1Column(view), 'Top-1', 'top1'),
  'top1-rank': () => rank('top1'),
  'top1-difference': () => difference('top1', 'Top-1 difference', 'points'),
  'top1-verdict': () => verdict('top1'),
  latency: (view) => estimates(latencyColumn(view), 'Latency', 'latency'),
  'latency-rank': () => rank('latency'),
  'latency-difference': () => difference('latency', 'Latency difference', '%'),
  'latency-verdict': () => verdict('latency'),
} as const satisfies Record<string, (view: ReportView) => TableColumn>;

export type ColumnId = keyof typeof TABLE_COLUMNS;

export const DEFAULT_COLUMNS: readonly ColumnId[] = [
  'candidate',
  'params',
  'macs',
  'top1',
  'top1-rank',
  'latency',
  'latency-rank',
];

const text = (content: string): Cell => ({ kind: 'text', text: content });

const cost = (view: ReportView, metric: 'params' | 'macs', heading: string): TableColumn => {
  const { unit, of, format } = costColumn(view, metric);
  return {
    heading,
    unit,
    align: 'right',
    cell: (candidate) => ({ kind: 'number', value: of(candidate), format }),
  };
};

const peakMemory = (view: ReportView): TableColumn => {
  const { unit, of, format } = peakMemoryColumn(view);
  return {
    heading: 'Peak memory',
    unit,
    align: 'right',
    cell: (candidate) => {
      const found = of(candidate);
      return found === null ? NONE : { kind: 'number', value: found.value, format };
    },
  };
};

const estimates = (
  { unit, of, format }: EstimateColumn,
  heading: string,
  metric: 'top1' | 'latency',
): TableColumn => ({
  heading,
  unit,
  align: 'right',
  cell: (candidate) => {
    const estimate = of(candidate);
    const isBest = /^1=?$/.test(candidate.rank[metric] ?? '');
    return estimate === null ? NONE : { kind: 'estimate', estimate, format, isBest };
  },
});

const rank = (metric: 'top1' | 'latency'): TableColumn => ({
  heading: 'Rank',
  unit: '',
  align: 'right',
  cell: (candidate) => {
    const label = candidate.rank[metric];
    return label === null ? NONE : text(label);
  },
});

const againstReference = (candidate: CandidateView, { reference, comparable }: GroupView, metric: Metric) =>
  candidate === reference ? null : comparisonOf(comparable, metric, candidate.id, reference.id);

const difference = (metric: 'top1' | 'latency', heading: string, unit: string): TableColumn => ({
  heading,
  unit,
  align: 'right',
  cell: (candidate, group) => {
    const found = againstReference(candidate, group, metric);
    const estimate = found && scaled({ value: found.effect, interval: found.interval }, 100);
    if (estimate === null) return NONE;
    const digits = estimate.interval === null ? 2 : digitsOf(estimate.interval);
    return { kind: 'estimate', estimate, format: (value) => signed(value, digits), isBest: false };
  },
});

const verdict = (metric: 'top1' | 'latency'): TableColumn => ({
  heading: 'Verdict',
  unit: '',
  align: 'left',
  cell: (candidate, group) => {
    if (candidate === group.reference) return text('reference');
    const found = againstReference(candidate, group, metric);
    return found === null ? NONE : text(found.verdict.state);
  },
});
