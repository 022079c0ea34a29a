import type { Metric } from '../../../harness/analysis/metrics.js';
import {
  type CountColumn,
  costColumn,
  type EstimateColumn,
  latencyColumn,
  top1Column,
} from '../../view/columns.js';
import { comparisonOf } from '../../view/comparisons.js';
import type { CandidateView, GroupView, ReportView } from '../../view/view.js';
import { definitionOf } from '../../wording/terms.js';
import { type Html, type HtmlPart, html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { estimateCell, numberCell } from '../html/number-cell.js';
import { table } from '../html/table.js';
import { effectCell, verdictCell } from './verdict.js';

/** Every candidate with its rank, its estimates, and its verdicts against the first candidate of its group. */
export const resultsTable = (view: ReportView): Html => {
  const top1 = top1Column(view);
  const latency = latencyColumn(view);
  const [params, macs] = [costColumn(view, 'params'), costColumn(view, 'macs')];
  return table({
    caption:
      'By rank on top-1, then by its mean. Differences are to the reference, by default the first candidate of the group in the suite; their intervals are corrected for all pairs, those of single values are not.',
    headings: [
      [
        { text: '' },
        { text: 'Cost, deploy form', span: 2 },
        { text: 'Test top-1', span: 4 },
        { text: 'Latency, deploy form', span: 4 },
        { text: '' },
      ],
      [
        { text: 'Candidate' },
        { text: unitOf('params', params), definition: definitionOf('params_deploy'), numeric: true },
        { text: unitOf('MACs', macs), definition: definitionOf('macs_deploy'), numeric: true },
        { text: 'rank', numeric: true },
        { text: '% [95 % interval]', definition: definitionOf('test_top1'), numeric: true },
        { text: 'difference (points)', numeric: true },
        { text: 'verdict' },
        { text: 'rank', numeric: true },
        { text: 'ms [95 % interval]', definition: definitionOf('latency_median_ms'), numeric: true },
        { text: 'difference (%)', numeric: true },
        { text: 'verdict' },
        { text: 'seeds', numeric: true },
      ],
    ],
    bodies: view.groups.map((group) => ({
      title: group.title,
      rows: group.candidates.map((candidate) => [
        candidateName(candidate),
        numberCell(params.of(candidate), params.format(params.of(candidate))),
        numberCell(macs.of(candidate), macs.format(macs.of(candidate))),
        candidate.rank.top1,
        estimateCell(top1.of(candidate), top1.format),
        ...againstReference(group, candidate, 'top1'),
        candidate.rank.latency,
        latencyCell(candidate, latency),
        ...againstReference(group, candidate, 'latency'),
        seedsCell(candidate),
      ]),
    })),
  });
};

const seedsCell = ({ seeds, trials }: CandidateView): string =>
  seeds.done === trials.length ? `${seeds.done}` : `${seeds.done} of ${trials.length}`;

const latencyCell = (candidate: CandidateView, column: EstimateColumn): HtmlPart =>
  candidate.latency.state === 'done'
    ? estimateCell(column.of(candidate), column.format)
    : candidate.latency.state;

const unitOf = (text: string, { unit }: CountColumn): string => (unit === '' ? text : `${text} (${unit})`);

/** The program of the page writes other texts into these where another reference is chosen. */
const againstReference = (group: GroupView, candidate: CandidateView, metric: Metric): Html[] => {
  const comparison =
    candidate === group.reference
      ? null
      : comparisonOf(group.comparable, metric, candidate.id, group.reference.id);
  const verdict =
    candidate === group.reference
      ? html`<span class="verdict">reference</span>`
      : comparison && verdictCell(comparison.verdict);
  return [
    html`<span data-effect="${metric}">${comparison && effectCell(comparison)}</span>`,
    html`<span data-verdict="${metric}">${verdict}</span>`,
  ];
};
