/** What the words and columns of the page mean; where `results.csv` has the same column, its definition. */
import { COLUMNS } from '../../results/csv-columns.js';
import { type Html, html } from './html.js';

/** Definition of a column of `results.csv`. */
export const definitionOf = (column: string): string => {
  const found = COLUMNS.find(({ name }) => name === column);
  if (found === undefined) throw new RangeError(`results.csv has no column ${column}.`);
  return found.definition;
};

export const definitions = (): Html => html`
<dl class="definitions">
${TERMS.map(
  ([term, text]) => html`<div><dt>${term}</dt><dd>${withCode(text)}</dd></div>
`,
)}
</dl>`;

const TERMS: readonly (readonly [term: string, definition: string])[] = [
  [
    'Train form, deploy form',
    'The network with all branches and batch norms apart, as it is trained; and with branches merged and batch norms folded, as it is run. Both compute the same, which is checked in every trial.',
  ],
  ['Parameters', definitionOf('params_deploy')],
  ['MACs', definitionOf('macs_deploy')],
  ['FLOPs', definitionOf('flops_deploy')],
  ['Activations', definitionOf('activation_bytes_deploy')],
  ['Block share', definitionOf('block_share_params')],
  ['Budget residual', definitionOf('budget_residual')],
  ['Top-1', `${definitionOf('test_top1')} The mean over seeds.`],
  ['Latency', definitionOf('latency_median_ms')],
  [
    'Interval',
    'Where the true value lies with 95 % confidence. Of a difference, corrected for all comparisons of the table.',
  ],
  [
    'Difference',
    'Of top-1, candidate minus reference, in percentage points. Of latency, candidate / reference - 1.',
  ],
  [
    'Better, worse',
    'The whole interval of the difference lies beyond the threshold, and of latency beyond the noise floor too, on the good or the bad side.',
  ],
  [
    'Tie',
    'The whole interval of the difference lies within the threshold. A noise floor above the threshold makes no ties: it hides differences, and what it hides is undecided.',
  ],
  [
    'Undecided',
    'Anything else; with the number of seeds that would probably decide it, or of rounds in as many sessions more.',
  ],
  [
    'Rank',
    'One more than the number of candidates decided to be better, directly or by way of others. An equals sign marks a shared rank. Neighbours of different rank need not be told apart: the first beats somebody that the second does not, and the pairs say whom.',
  ],
  [
    'Pareto front',
    'The candidates of a group that no other beats: none is as accurate at less cost, or more accurate at no more. The probability is that of bootstrap draws of seeds, images and sessions.',
  ],
  [
    'Noise floor',
    'The farther end of the 95 % interval of one network measured against itself: what it may seem to differ from itself by.',
  ],
];

const withCode = (text: string): Html[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
