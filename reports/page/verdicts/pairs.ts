import type { NotComparable } from '../../../harness/analysis/analysis.js';
import { grouped } from '../../text/numbers.js';
import { plainText } from '../../text/text.js';
import { listed, plural } from '../../text/words.js';
import { comparisonOf } from '../../view/comparisons.js';
import type { GroupView, ReportView } from '../../view/view.js';
import { neededText } from '../../wording/effect-text.js';
import { otherwiseText } from '../../wording/otherwise.js';
import { type Html, html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { type Heading, table } from '../html/table.js';
import { effectCell, verdictCell } from './verdict.js';

/** Every pair of every group, on top-1 and on latency; null where nothing is compared. */
export const pairTables = (view: ReportView): Html | null => {
  const pairs = view.groups.reduce((sum, { candidates: { length } }) => sum + (length * (length - 1)) / 2, 0);
  if (pairs > MOST_ROWS) return html`<p class="note">${tooMany(pairs)}</p>`;
  const tables = (['top1', 'latency'] as const).flatMap((metric) => pairTable(view, metric) ?? []);
  return tables.length === 0 ? null : html`${tables}`;
};

const pairTable = (view: ReportView, metric: 'top1' | 'latency'): Html | null => {
  const bodies = view.groups
    .map((group) => ({ title: group.title, rows: rowsOf(group, metric) }))
    .filter(({ rows }) => rows.length > 0);
  if (bodies.length === 0) return null;
  const count = bodies.reduce((sum, { rows }) => sum + rows.length, 0);
  return html`<details${count > OPEN_ROWS || metric === 'latency' ? null : html` open`}>
<summary>${TITLES[metric]}: ${plural(count, 'pair')}</summary>
${table({ caption: TITLES[metric], headings: [headings(metric)], bodies })}
</details>`;
};

/** Candidates that are shown together and may not be ranked together, by what they differ in. */
export const notComparableList = (pairs: readonly NotComparable[]): Html | null => {
  const differences = new Set(pairs.map(differenceText));
  return differences.size === 0
    ? null
    : html`<ul>${[...differences].slice(0, MOST_LISTED).map((text) => {
        const differing = pairs.filter((pair) => differenceText(pair) === text);
        return html`<li>${whoDiffers(differing)}: ${text}</li>`;
      })}${differences.size > MOST_LISTED ? html`<li>and others that differ in other ways: ${differences.size - MOST_LISTED}</li>` : null}</ul>`;
};

const MOST_LISTED = 20;

const differenceText = ({ differences }: NotComparable): string => differences.join('; ');

/** `a and b with c` where that says all pairs, else pair by pair. */
const whoDiffers = (pairs: readonly NotComparable[]): string => {
  const [left, right] = ([0, 1] as const).map((side) => [
    ...new Set(pairs.map(({ candidates }) => plainText(candidates[side]))),
  ]);
  return left !== undefined && right !== undefined && left.length * right.length === pairs.length
    ? `${listed(left)} with ${listed(right)}`
    : pairs.map(({ candidates }) => candidates.map(plainText).join(' with ')).join('; ');
};

const OPEN_ROWS = 60;

/** A table of more is nothing to read, and most of the page. */
const MOST_ROWS = 800;

const tooMany = (pairs: number): string =>
  `There are ${grouped(pairs)} pairs, too many for a table: choose fewer candidates to see who is better than whom, or another reference to see its differences. lightbench report --json has every pair.`;

const TITLES = { top1: 'Differences in top-1', latency: 'Differences in latency' } as const;

const headings = (metric: 'top1' | 'latency'): Heading[] => [
  { text: 'Candidate' },
  { text: 'against' },
  { text: metric === 'top1' ? 'difference (points)' : 'difference (%)', numeric: true },
  { text: 'verdict' },
  { text: 'would be decided by' },
  ...(metric === 'top1' ? [{ text: 'with' }] : []),
];

/** Each pair once, the better ranked candidate first. */
const rowsOf = ({ comparable, candidates }: GroupView, metric: 'top1' | 'latency') =>
  candidates.flatMap((better, index) =>
    candidates.slice(index + 1).flatMap((other) => {
      const pair = comparisonOf(comparable, metric, better.id, other.id);
      return pair === null
        ? []
        : [
            [
              candidateName(better),
              candidateName(other),
              effectCell(pair),
              html`${verdictCell(pair.verdict)}${pair.decidedAtLook === undefined ? '' : ` at look ${pair.decidedAtLook}`}`,
              neededText(pair.verdict),
              ...(metric === 'top1' ? [otherwiseText(pair)] : []),
            ],
          ];
    }),
  );
