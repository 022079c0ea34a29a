import type { Track } from '../../harness/analysis/history/history.js';
import { type Html, html } from '../page/html/html.js';
import { table } from '../page/html/table.js';
import { plainText } from '../text/text.js';
import { listed } from '../text/words.js';
import {
  breakLetter,
  breaksIn,
  changesIn,
  commitRange,
  dayText,
  effectText,
  METRIC_WORDS,
  type ToldChange,
} from './words.js';

/** Every change, the newest first; null where there is none. */
export const changesTable = (tracks: readonly Track[]): Html | null => {
  const changes = changesIn(tracks);
  if (changes.length === 0) return null;
  return table({
    caption: 'Changes, the newest first',
    headings: [
      [
        { text: 'Candidate' },
        { text: 'metric' },
        { text: 'change', numeric: true },
        { text: '' },
        { text: 'from', numeric: true },
        { text: 'to', numeric: true },
        { text: 'day' },
        { text: 'commits', definition: 'The last before the change, and the first after it.' },
        { text: 'suite' },
      ],
    ],
    bodies: [{ rows: changes.map(changeRow) }],
  });
};

const changeRow = ({ track: { suite, candidate, metric }, change }: ToldChange) => {
  const { title, value } = METRIC_WORDS[metric];
  return [
    plainText(candidate),
    title,
    effectText(metric, change),
    html`<span class="verdict ${change.kind === 'regression' ? 'worse' : 'better'}">${change.kind}</span>`,
    value(change.from),
    value(change.to),
    dayText(change.after),
    html`<code>${commitRange(change)}</code>`,
    suite,
  ];
};

/** Where timelines are broken, and why; null where none is. */
export const breaksTable = (tracks: readonly Track[]): Html | null => {
  const breaks = breaksIn(tracks);
  if (breaks.length === 0) return null;
  return table({
    caption: 'Breaks: values before and after are not compared',
    headings: [
      [
        { text: 'Break' },
        { text: 'day' },
        { text: 'commits' },
        { text: 'metrics' },
        { text: 'what differs' },
        { text: 'suite' },
      ],
    ],
    bodies: [
      {
        rows: breaks.map((one, index) => [
          breakLetter(index),
          dayText(one.after),
          html`<code>${commitRange(one)}</code>`,
          listed(one.metrics.map((metric) => METRIC_WORDS[metric].title)),
          one.reasons.join('; '),
          one.suite,
        ]),
      },
    ],
  });
};
