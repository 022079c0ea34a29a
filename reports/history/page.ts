import type { RunName, Track } from '../../harness/analysis/history/history.js';
import { HISTORY_METRICS } from '../../results/history/history.js';
import { htmlDocument } from '../page/html/document.js';
import { figure } from '../page/html/figures.js';
import { type Html, html } from '../page/html/html.js';
import { plainText } from '../text/text.js';
import { listed, plural } from '../text/words.js';
import { breaksTable, changesTable } from './tables.js';
import { timeLines } from './time-lines.js';
import {
  breakKey,
  breakLetter,
  breaksIn,
  changesIn,
  commitText,
  dayText,
  effectText,
  METRIC_WORDS,
} from './words.js';

export interface HistoryPageInput {
  readonly tracks: readonly Track[];
  readonly skipped: readonly { readonly folder: string; readonly problem: string }[];
}

/** One HTML file that needs nothing else: every metric of every candidate as a timeline, changes first. */
export const historyPage = async ({ tracks, skipped }: HistoryPageInput): Promise<string> => {
  const suites = [...new Set(tracks.map(({ suite }) => suite))];
  const letters = new Map(
    breaksIn(tracks).map((one, index) => [breakKey(one.suite, one), breakLetter(index)]),
  );
  const sections: Html[] = [];
  for (const [index, suite] of suites.entries()) {
    sections.push(await suiteSection(suite, `suite-${index + 1}`, tracks, letters));
  }
  const title = `History of ${listed(suites.map(plainText))}`;
  return htmlDocument(
    title,
    html`<article>
<header><h1>${title}</h1><p class="question">${extentText(tracks)}</p>
<div class="answer"><p>${answerText(tracks)}</p></div>
${skipped.length === 0 ? null : html`<ul class="cautions">${skipped.map(({ folder, problem }) => html`<li>Skipped: ${folder}: ${problem}</li>`)}</ul>`}
</header>
${section('changes', 'Changes', changesTable(tracks))}
${sections}
${section('breaks', 'Breaks', breaksTable(tracks))}
${section('definitions', 'What the words mean', DEFINITIONS)}
</article>`,
  );
};

const section = (id: string, title: string, content: Html | null): Html | null =>
  content &&
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}
</section>`;

const suiteSection = async (
  suite: string,
  id: string,
  tracks: readonly Track[],
  letters: ReadonlyMap<string, string>,
): Promise<Html> => {
  const ofSuite = tracks.filter((track) => track.suite === suite);
  const runs = runsOf(ofSuite);
  const drawn: Html[] = [];
  for (const metric of HISTORY_METRICS) {
    const ofMetric = ofSuite.filter((track) => track.metric === metric);
    if (ofMetric.length === 0) continue;
    const { title, caption } = METRIC_WORDS[metric];
    const drawing = timeLines({ suite, metric, tracks: ofMetric, runs, letters });
    drawn.push(await figure({ title, caption }, drawing, `${id}-${metric}`));
  }
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${suite}: ${plural(runs.length, 'run')}</h2>
<div class="charts">${drawn}</div>
</section>`;
};

/** In order, each once. */
const runsOf = (tracks: readonly Track[]): readonly RunName[] => {
  const runs = new Map(
    tracks.flatMap(({ series }) =>
      series.flatMap(({ points }) => points.map(({ run }): [string, RunName] => [run.folder, run])),
    ),
  );
  return [...runs.values()].toSorted(
    (one, other) =>
      Date.parse(one.startedAt) - Date.parse(other.startedAt) || one.folder.localeCompare(other.folder),
  );
};

const extentText = (tracks: readonly Track[]): string => {
  const runs = runsOf(tracks);
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return 'No run.';
  const days =
    dayText(first) === dayText(last) ? `of ${dayText(first)}` : `from ${dayText(first)} to ${dayText(last)}`;
  return `${plural(runs.length, 'run')} ${days}.`;
};

const answerText = (tracks: readonly Track[]): string => {
  const changes = changesIn(tracks);
  const [latest] = changes;
  if (latest === undefined) return 'No metric of any candidate changed by more than noise explains.';
  const count = (kind: 'regression' | 'improvement'): string =>
    plural(changes.filter(({ change }) => change.kind === kind).length, kind);
  const { track, change } = latest;
  return `${count('regression')} and ${count('improvement')}. The latest: ${METRIC_WORDS[track.metric].noun} of ${plainText(
    track.candidate,
  )} ${effectText(track.metric, change)} at ${commitText(change.after)}, ${dayText(change.after)}.`;
};

const TERMS: readonly (readonly [term: string, definition: string])[] = [
  [
    'Change',
    'Costs are exact, so every difference is a change. Latency and top-1 are noisy: a change is a shift of the level by more than noise explains (PELT, with outliers pulled in) and by more than 1 % or 0.2 points. The chance of any false change on this page is at most 5 %. A slow drift shows as several small changes in one direction.',
  ],
  ['Level', 'The median of the values between two changes: the dark line.'],
  [
    'Commits',
    'Of the commits that were run, the last before the change and the first after it. Runs are ordered by start time.',
  ],
  [
    'Interval',
    'The band. Latency: the 95 % interval within the run; variation between days is larger. Top-1: the 95 % interval over seeds, for the same test images.',
  ],
  [
    'Break',
    'Values before and after it are not compared: latency on another machine or engine; accuracy with other data, recipe or engine; costs at another input size or number of classes; anything under another budget. Values after a break get a row of their own.',
  ],
];

const DEFINITIONS = html`<dl class="definitions">${TERMS.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
