import Table from 'cli-table3';
import pc from 'picocolors';
import type { Comparison, Estimate } from '../harness/analysis/analysis.js';
import type { Int8Metric, Metric } from '../harness/analysis/metrics.js';
import { cautionText } from './cautions.js';
import { amongPairsText, besideText } from './claim-text.js';
import { costColumn, type EstimateColumn, latencyColumn, top1Column } from './columns.js';
import { deviceNames, orderChangeTexts } from './devices.js';
import { unitOf } from './effect-text.js';
import { int8Lines } from './int8.js';
import { digitsOf, signed } from './numbers.js';
import { unequalCostsText } from './otherwise.js';
import { plainText } from './text.js';
import { type CandidateView, type GroupView, type ReportInput, type ReportView, viewOf } from './view.js';
import { plural, wrapped } from './words.js';

/** What is shown, and on how wide a terminal. */
export interface SummaryOptions extends ReportInput {
  /** Columns of the terminal. From 80 on, every line fits. */
  readonly width: number;
  /** By default, as picocolors finds the terminal. */
  readonly colors?: boolean;
}

/** What a run has found, for a terminal: a table of all candidates by group, then answers to claims, failed and missing trials, then cautions. */
export const summaryTable = ({
  run,
  analysis,
  width,
  colors = pc.isColorSupported,
}: SummaryOptions): string => {
  const view = viewOf({ run, analysis });
  const paint = pc.createColors(colors);
  const sections = [
    candidateTable(view, width, paint),
    bulleted('Latency by device', deviceLines(view), width, paint.bold),
    bulleted('In int8', analysis.int8 === null ? [] : int8Lines(analysis.int8), width, paint.bold),
    bulleted('Claims', claims(view), width, paint.bold),
    bulleted('Failed', failures(view), width, paint.red),
    bulleted('Missing', missing(view), width, paint.yellow),
    bulleted(
      'Cautions',
      analysis.cautions.map((caution) => plainText(cautionText(caution))),
      width,
      paint.yellow,
    ),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
};

/** A line a device, fastest first, then where the order changes. */
const deviceLines = ({ analysis }: ReportView): string[] => {
  const names = deviceNames(analysis.devices);
  const lines = analysis.devices.map(({ groups, latencyMs }, index) => {
    const medians = new Map(latencyMs.map(({ candidate, value }) => [candidate, value]));
    const places = groups.flatMap(({ ranking }) => ranking);
    const listed = places.map(
      ({ candidate, rank }) =>
        `${rank} ${plainText(candidate)} ${(medians.get(candidate) ?? Number.NaN).toPrecision(3)} ms`,
    );
    return `${names[index]}: ${listed.join(', ') || 'nothing measured'}`;
  });
  return lines.length === 0 ? [] : [...lines, ...orderChangeTexts(analysis)];
};

type Paint = ReturnType<typeof pc.createColors>;

interface Column {
  readonly heading: readonly [string, string];
  readonly align: 'left' | 'right';
  readonly cell: (candidate: CandidateView) => string;
}

const candidateTable = (view: ReportView, width: number, paint: Paint): string => {
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

const claims = ({ analysis }: ReportView): string[] =>
  analysis.claims.map((claim) => {
    const answer = `${claim.state.replace('-', ' ')}: ${plainText(claim.claim)}`;
    if (claim.state === 'not-answerable') return `${answer} (${plainText(claim.reason)})`;
    if (claim.state === 'not-comparable') return `${answer} (${unequalCostsText(claim.reason.costs)})`;
    const also = besideText(analysis, claim.comparison);
    const look = claim.comparison.decidedAtLook;
    const when = look === undefined ? '' : `, decided at look ${look}`;
    return `${answer} (${effectText(claim.comparison)}${when}${also === '' ? '' : `, with ${also}`}${amongPairsText(analysis, claim)})`;
  });

/** For example `+1.2 points [+0.3, +2.1]`. */
const effectText = ({
  metric,
  effect,
  interval,
}: Pick<Comparison<Metric | Int8Metric>, 'metric' | 'effect' | 'interval'>): string => {
  const digits = interval === null ? 2 : digitsOf([100 * interval[0], 100 * interval[1]]);
  const ends = interval?.map((end) => signed(100 * end, digits)).join(', ');
  return `${signed(100 * effect, digits)} ${unitOf(metric)}${ends === undefined ? '' : ` [${ends}]`}`;
};

const failures = ({ candidates }: ReportView): string[] =>
  candidates.flatMap(({ name, trials, latency }) => [
    ...trials.flatMap((trial) =>
      trial.state === 'failed' ? [`${name}, seed ${trial.seed}: ${plainText(trial.error)}`] : [],
    ),
    ...(latency.state === 'failed' ? [`${name}, latency: ${plainText(latency.error)}`] : []),
  ]);

const missing = ({ candidates }: ReportView): string[] =>
  candidates.flatMap(({ name, seeds, trials }) =>
    seeds.pending === 0 ? [] : [`${name}: ${seeds.pending} of ${plural(trials.length, 'trial')} not run`],
  );

const bulleted = (
  title: string,
  items: readonly string[],
  width: number,
  paint: (text: string) => string,
): string =>
  items.length === 0
    ? ''
    : [paint(title), ...items.map((item) => wrapped(`- ${item}`, width, '  '))].join('\n');

const visibleLength = (text: string): number => [...plainText(text)].length;

const withoutTrailingSpace = (text: string): string => text.replace(/[ ]+$/gm, '');
