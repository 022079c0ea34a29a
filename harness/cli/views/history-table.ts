import {
  breaksIn,
  changesIn,
  commitRange,
  dayText,
  effectText,
  METRIC_WORDS,
} from '../../../reports/history/words.js';
import { plainText } from '../../../reports/text/text.js';
import { listed, plural } from '../../../reports/text/words.js';
import type { Track } from '../../analysis/history/history.js';
import { textTable } from './table.js';

/** What changed, where, and by how much, the newest first; then where values are not compared, and why. */
export const historyTable = (tracks: readonly Track[]): string => {
  const points = tracks.flatMap(({ series }) => series.flatMap((one) => one.points));
  const runs = new Set(points.map(({ run }) => run.folder)).size;
  const parts = [
    `${plural(runs, 'run')}, ${plural(tracks.length, 'timeline')}, ${plural(points.length, 'value')}.`,
    changesTable(tracks),
    breaksText(tracks),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
};

const changesTable = (tracks: readonly Track[]): string => {
  const changes = changesIn(tracks);
  if (changes.length === 0) return 'No metric of any candidate changed by more than noise explains.';
  return textTable(
    [
      { heading: 'day' },
      { heading: 'commits' },
      { heading: 'suite' },
      { heading: 'candidate' },
      { heading: 'metric' },
      { heading: 'from', align: 'right' },
      { heading: 'to', align: 'right' },
      { heading: 'change', align: 'right' },
      { heading: '' },
    ],
    changes.map(({ track: { suite, candidate, metric }, change }) => [
      dayText(change.after),
      commitRange(change),
      plainText(suite),
      plainText(candidate),
      METRIC_WORDS[metric].noun,
      METRIC_WORDS[metric].value(change.from),
      METRIC_WORDS[metric].value(change.to),
      effectText(metric, change),
      change.kind,
    ]),
  );
};

const breaksText = (tracks: readonly Track[]): string =>
  breaksIn(tracks)
    .map(
      (one) =>
        `Break in ${plainText(one.suite)}, ${dayText(one.after)}, ${commitRange(one)}: ` +
        `${listed(one.metrics.map((metric) => METRIC_WORDS[metric].noun))} not compared with earlier values ` +
        `(${plainText(one.reasons.join('; '))}).`,
    )
    .join('\n');
