/** The table of all candidates, for a terminal. */
import Table from 'cli-table3';
import type pc from 'picocolors';
import type { Estimate } from '../harness/analysis/analysis.js';
import { signed } from './text/numbers.js';
import { plainText } from './text/text.js';
import { costColumn, type EstimateColumn, latencyColumn, top1Column } from './view/columns.js';
import type { CandidateView, GroupView, ReportView } from './view/view.js';

type Paint = ReturnType<typeof pc.createColors>;

interface Column {
  readonly heading: readonly [string, string];
  readonly align: 'left' | 'right';
  readonly cell: (candidate: CandidateView) => string;
}

/** All candidates by group, no wider than the terminal where that is possible. */
export const candidateTable = (view: ReportView, width: number, paint: Paint): string => {
  const columns = columnsOf(view, paint);
  const rows = view.candidates.map((candidate) => columns.map(({ cell }) => cell(candidate)));
  const widths = columns.map(({ heading }, index) =>
    Math.max(...heading.map(visibleLength), ...rows.map((row) => visibleLength(row[index] ?? ''))),
  );
  const numbers = widths.slice(1).reduce((sum, each) => sum + each, 0);
  const gap = numbers + (widths[0] ?? 0) + 2 * (columns.length - 1) <= width ? 2 : 1;
  const nameWidth = Math.max(
    MIN_NAME,
    Math.min(widths[0] ?? 0, width - numbers - gap * (columns.length - 1)),
  );
  const table = new Table({
    chars: { ...NO_BORDERS, middle: ' '.repeat(gap) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: [nameWidth, ...widths.slice(1)],
    colAligns: columns.map(({ align }) => align),
  });
  for (const line of [0, 1] as const) table.push(columns.map(({ heading }) => paint.dim(heading[line])));
  for (const group of view.groups) {
    table.push([{ content: paint.bold(groupHeading(group)), colSpan: columns.length }]);
    for (const candidate of group.candidates) {
      const [name = '', ...numbers] = columns.map(({ cell }) => cell(candidate));
      table.push([
        { content: brokenName(name, nameWidth), wordWrap: true, wrapOnWordBoundary: false },
        ...numbers,
      ]);
    }
  }
  return withoutTrailingSpace(table.toString());
};

const MIN_NAME = 12;

/** In lines of so many columns, where the name has a space, a slash and the like at all. */
const brokenName = (name: string, width: number): string => {
  const lines: string[] = [''];
  for (const piece of name.split(/(?<=[\s/,=(-])/u)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && visibleLength(`${line}${piece}`.trimEnd()) > width) lines.push(piece);
    else lines[lines.length - 1] = `${line}${piece}`;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
};

const NO_BORDERS = Object.fromEntries(
  (
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
    ] as const
  ).map((name) => [name, '']),
);

const columnsOf = (view: ReportView, paint: Paint): Column[] => {
  const params = costColumn(view, 'params');
  const macs = costColumn(view, 'macs');
  const number = (heading: Column['heading'], cell: Column['cell']): Column => ({
    heading,
    align: 'right',
    cell,
  });
  return [
    { heading: ['candidate', ''], align: 'left', cell: ({ name }) => name },
    number(['params', params.unit], (candidate) => params.format(params.of(candidate))),
    number(['MACs', macs.unit], (candidate) => macs.format(macs.of(candidate))),
    ...(view.candidates.some(({ candidate }) => candidate.budget)
      ? [number(['budget', '%'], (candidate) => residual(candidate))]
      : []),
    ...estimateColumns('top-1', top1Column(view), ({ rank }) => rank.top1, paint),
    ...estimateColumns('latency', latencyColumn(view), ({ rank }) => rank.latency, paint),
  ];
};

const estimateColumns = (
  name: string,
  { unit, of, format }: EstimateColumn,
  rank: (candidate: CandidateView) => string | null,
  paint: Paint,
): Column[] => {
  const emphasis = (candidate: CandidateView, text: string) =>
    text !== '' && /^1=?$/.test(rank(candidate) ?? '') ? paint.bold(paint.green(text)) : text;
  const quiet = (text: string) => (text === '' ? '' : paint.dim(text));
  return [
    {
      heading: ['', '#'],
      align: 'right',
      cell: (candidate) => emphasis(candidate, rank(candidate) ?? ''),
    },
    {
      heading: [name, unit],
      align: 'right',
      cell: (candidate) => emphasis(candidate, valueText(of(candidate), format)),
    },
    {
      heading: ['95 %', 'interval'],
      align: 'left',
      cell: (candidate) => quiet(intervalText(of(candidate), format)),
    },
  ];
};

const valueText = (estimate: Estimate | null, format: (value: number) => string): string =>
  estimate === null ? '-' : format(estimate.value);

const intervalText = (estimate: Estimate | null, format: (value: number) => string): string =>
  estimate?.interval ? estimate.interval.map(format).join('–') : '';

/** Of two budgets the larger. */
const residual = ({ candidate: { budget } }: CandidateView): string => {
  if (budget === undefined) return '-';
  const { residual: first, second } = budget;
  const larger = second && Math.abs(second.residual) > Math.abs(first) ? second.residual : first;
  return signed(100 * larger, 1);
};

const groupHeading = ({ title, candidates }: GroupView): string => `${title} (${candidates.length})`;

const visibleLength = (text: string): number => [...plainText(text)].length;

const withoutTrailingSpace = (text: string): string => text.replace(/[ ]+$/gm, '');
