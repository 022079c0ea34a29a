import pc from 'picocolors';
import type { Comparison } from '../harness/analysis/analysis.js';
import type { Int8Metric, Metric } from '../harness/analysis/metrics.js';
import { candidateTable } from './candidate-table.js';
import { plainText } from './text/text.js';
import { plural, wrapped } from './text/words.js';
import { type ReportInput, type ReportView, viewOf } from './view/view.js';
import { cautionLines } from './wording/cautions.js';
import { amongPairsText, besideText } from './wording/claim-text.js';
import { deviceNames, orderChangeTexts } from './wording/devices.js';
import { effectText, unitOf } from './wording/effect-text.js';
import { int8Lines } from './wording/int8.js';
import { unequalCostsText } from './wording/otherwise.js';

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
    bulleted('Cautions', cautionLines(analysis.cautions), width, paint.yellow),
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

const claims = ({ analysis }: ReportView): string[] =>
  analysis.claims.map((claim) => {
    const answer = `${claim.state.replace('-', ' ')}: ${plainText(claim.claim)}`;
    if (claim.state === 'not-answerable') return `${answer} (${plainText(claim.reason)})`;
    if (claim.state === 'not-comparable') return `${answer} (${unequalCostsText(claim.reason.costs)})`;
    const also = besideText(analysis, claim.comparison);
    const look = claim.comparison.decidedAtLook;
    const when = look === undefined ? '' : `, decided at look ${look}`;
    return `${answer} (${differenceText(claim.comparison)}${when}${also === '' ? '' : `, with ${also}`}${amongPairsText(analysis, claim)})`;
  });

/** For example `+1.2 points [+0.3, +2.1]`. */
const differenceText = (comparison: Comparison<Metric | Int8Metric>): string => {
  const { value, interval } = effectText(comparison);
  return `${value} ${unitOf(comparison.metric)}${interval === null ? '' : ` ${interval}`}`;
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
