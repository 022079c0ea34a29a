import type { Estimate, Metric } from '../../harness/analysis/analysis.js';
import { type EstimateColumn, latencyColumn, top1Column } from '../columns.js';
import { comparisonOf } from '../comparisons.js';
import type { CandidateView, GroupView, ReportView } from '../view.js';
import { definitionOf } from './definitions.js';
import { type Html, type HtmlPart, html } from './html.js';
import { candidateSymbol } from './key.js';
import { table } from './table.js';
import { effectCell, verdictCell } from './verdict.js';

/** Every candidate with its rank, its estimates, and its verdicts against the first candidate of its group. */
export const resultsTable = (view: ReportView): Html => {
  const top1 = top1Column(view);
  const latency = latencyColumn(view);
  return table({
    caption:
      'Best top-1 first. Differences are to the reference: the first candidate of the group in the suite.',
    headings: [
      [
        { text: '' },
        { text: '' },
        { text: 'Test top-1', span: 4 },
        { text: 'Latency, deploy form', span: 4 },
      ],
      [
        { text: 'Candidate' },
        { text: 'seeds', numeric: true },
        { text: 'rank', numeric: true },
        { text: '% [95 % interval]', definition: definitionOf('test_top1'), numeric: true },
        { text: 'difference (points)', numeric: true },
        { text: 'verdict' },
        { text: 'rank', numeric: true },
        { text: 'ms [95 % interval]', definition: definitionOf('latency_median_ms'), numeric: true },
        { text: 'difference (%)', numeric: true },
        { text: 'verdict' },
      ],
    ],
    bodies: view.groups.map((group) => ({
      title: group.title,
      rows: group.candidates.map((candidate) => [
        html`${candidateSymbol(candidate)} ${candidate.name}`,
        seedsCell(candidate),
        candidate.rank.top1,
        estimateCell(top1.of(candidate), top1),
        ...againstReference(group, candidate, 'top1'),
        candidate.rank.latency,
        latencyCell(candidate, latency),
        ...againstReference(group, candidate, 'latency'),
      ]),
    })),
  });
};

const seedsCell = ({ seeds, trials }: CandidateView): string =>
  seeds.done === trials.length ? `${seeds.done}` : `${seeds.done} of ${trials.length}`;

const estimateCell = (estimate: Estimate | null, { format }: EstimateColumn): HtmlPart =>
  estimate === null
    ? '–'
    : html`<b>${format(estimate.value)}</b>${estimate.interval && html` <span class="interval">[${estimate.interval.map(format).join(', ')}]</span>`}`;

const latencyCell = (candidate: CandidateView, column: EstimateColumn): HtmlPart =>
  candidate.latency.state === 'done' ? estimateCell(column.of(candidate), column) : candidate.latency.state;

const againstReference = (group: GroupView, candidate: CandidateView, metric: Metric): HtmlPart[] => {
  if (candidate === group.reference) return ['', html`<span class="verdict">reference</span>`];
  const comparison = comparisonOf(group.comparable, metric, candidate.id, group.reference.id);
  return comparison === null ? ['–', ''] : [effectCell(comparison), verdictCell(comparison.verdict)];
};
