/** Float beside int8: accuracies, what is lost, latencies, and every pair in int8; null where nothing was quantised. */
import type { Comparison, Estimate, Int8Summary } from '../../../harness/analysis/analysis.js';
import { INT8_METRICS, type Int8Metric } from '../../../harness/analysis/metrics.js';
import { columnDigits, fixed, grouped, scaled, significantDigits } from '../../text/numbers.js';
import { plural } from '../../text/words.js';
import type { CandidateView, ReportView } from '../../view/view.js';
import { neededText } from '../../wording/effect-text.js';
import {
  floatOperationsText,
  ORDER_KEPT,
  orderChangedTexts,
  settingText,
  sumsText,
} from '../../wording/int8.js';
import { type Html, type HtmlPart, html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { estimateCell } from '../html/number-cell.js';
import { table } from '../html/table.js';
import { int8FrontTable } from './fronts.js';
import { effectCell, verdictCell } from './verdict.js';

export const int8Tables = (view: ReportView): Html | null => {
  const { int8 } = view.analysis;
  if (int8 === null) return null;
  const notes = [
    ...(int8.orderChanges.length === 0 ? [ORDER_KEPT] : orderChangedTexts(int8)),
    ...floatOperationsText(int8),
    ...sumsText(int8),
    ...(int8.latencyNoiseFloor === null
      ? []
      : [`Noise floor of int8 latency: ${fixed(100 * int8.latencyNoiseFloor, 2)} %.`]),
  ];
  return html`${summaryTable(view, int8.candidates, settingText(int8.setting))}
<ul>${notes.map((text) => html`<li>${text}</li>`)}</ul>
${int8FrontTable(view)}
${INT8_METRICS.map((metric) => pairTable(view, metric))}`;
};

const summaryTable = (view: ReportView, summaries: readonly Int8Summary[], setting: string): Html => {
  const of = new Map(summaries.map((one) => [one.candidate, one]));
  const inHundreds = (pick: (one: Int8Summary) => Estimate | null) =>
    summaries.map((one) => scaled(pick(one), 100));
  const columns = {
    top1: cellsOf(
      inHundreds(({ top1 }) => top1),
      2,
    ),
    drop: cellsOf(
      inHundreds(({ drop }) => drop),
      2,
    ),
    latency: cellsOf(
      summaries.map(({ latencyMs }) => latencyMs),
      4,
    ),
    speedUp: cellsOf(
      summaries.map(({ speedUp }) => speedUp),
      2,
    ),
  };
  const float = cellsOf(
    view.candidates.map(({ top1 }) => scaled(top1, 100)),
    2,
  );
  const row = (candidate: CandidateView): readonly HtmlPart[] => {
    const one = of.get(candidate.id);
    return [
      candidateName(candidate),
      float(scaled(candidate.top1, 100)),
      columns.top1(scaled(one?.top1 ?? null, 100)),
      columns.drop(scaled(one?.drop ?? null, 100)),
      one?.weightBytes == null ? '–' : grouped(one.weightBytes),
      columns.latency(one?.latencyMs ?? null),
      columns.speedUp(one?.speedUp ?? null),
    ];
  };
  return table({
    caption: setting,
    headings: [
      [
        { text: 'Candidate' },
        { text: 'float top-1 (%)', numeric: true },
        { text: 'int8 top-1 (%)', numeric: true },
        { text: 'drop (points)', numeric: true },
        { text: 'int8 weights (bytes)', numeric: true },
        { text: 'int8 latency (ms)', numeric: true },
        { text: 'float latency / int8', numeric: true },
      ],
    ],
    bodies: view.groups.map((group) => ({ title: group.title, rows: group.candidates.map(row) })),
  });
};

/** Cells of one column, with as many digits as its intervals ask for. */
const cellsOf = (
  all: readonly (Estimate | null)[],
  fallback: number,
): ((estimate: Estimate | null) => HtmlPart) => {
  const values = all.flatMap((one) => (one === null ? [] : [one.value]));
  const digits = columnDigits(all, Math.max(fallback, significantDigits(values, 3) > 6 ? 6 : 0));
  return (estimate) => estimateCell(estimate, (value) => fixed(value, digits));
};

const TITLES: Record<Int8Metric, { readonly title: string; readonly unit: string }> = {
  'top1-int8': { title: 'Differences in int8 top-1', unit: 'points' },
  'drop-int8': { title: 'Differences in the drop from float to int8', unit: 'points' },
  'latency-int8': { title: 'Differences in int8 latency', unit: '%' },
};

/** A table of more is nothing to read. */
const MOST_ROWS = 800;

const pairTable = (view: ReportView, metric: Int8Metric): Html | null => {
  const { title, unit } = TITLES[metric];
  const names = new Map(view.candidates.map((one) => [one.id, one]));
  const row = (one: Comparison<Int8Metric>): readonly HtmlPart[] => {
    const [candidate, reference] = [one.candidate, one.reference].map((id) => names.get(id));
    return [
      candidate === undefined ? one.candidate : candidateName(candidate),
      reference === undefined ? one.reference : candidateName(reference),
      effectCell(one),
      verdictCell(one.verdict),
      neededText(one.verdict),
    ];
  };
  const rows = (view.analysis.int8?.groups ?? []).flatMap(({ comparisons }) =>
    comparisons.filter((one) => one.metric === metric).map(row),
  );
  if (rows.length === 0 || rows.length > MOST_ROWS) return null;
  return html`<details><summary>${title}: ${plural(rows.length, 'pair')}</summary>
${table({
  caption: title,
  headings: [
    [
      { text: 'Candidate' },
      { text: 'against' },
      { text: `difference (${unit})`, numeric: true },
      { text: 'verdict' },
      { text: 'would be decided by' },
    ],
  ],
  bodies: [{ rows }],
})}
</details>`;
};
