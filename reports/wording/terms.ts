/** What the words of tables, pages and verdicts mean; where `results.csv` has the same column, its definition. */
import { COLUMNS } from '../../results/csv/csv-columns.js';

/** Definition of a column of `results.csv`. */
export const definitionOf = (column: string): string => {
  const found = COLUMNS.find(({ name }) => name === column);
  if (found === undefined) throw new RangeError(`results.csv has no column ${column}.`);
  return found.definition;
};

export const TERMS: readonly (readonly [term: string, definition: string])[] = [
  ['Train form', 'The network as trained, with all branches and separate batch norms.'],
  [
    'Deploy form',
    'The network as run, with branches merged and batch norms folded. It computes the same function as the train form, which every trial checks.',
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
    'Contains the true value with 95 % confidence. Intervals of differences are corrected for all comparisons in the table.',
  ],
  [
    'Difference',
    'Candidate against reference: of top-1 candidate - reference, in percentage points; of latency candidate / reference - 1.',
  ],
  [
    'Better',
    'The whole interval of the difference lies beyond the threshold (for latency, beyond the noise floor too), on the good side: higher top-1, lower latency.',
  ],
  [
    'Worse',
    'The whole interval of the difference lies beyond the threshold (for latency, beyond the noise floor too), on the bad side: lower top-1, higher latency.',
  ],
  [
    'Tie',
    'The whole interval of the difference lies within the threshold. A noise floor above the threshold does not create ties: differences that it hides are undecided.',
  ],
  [
    'Undecided',
    'Neither better nor worse nor a tie: too little is known. It stands with the number of seeds that would probably decide it, or of rounds, in proportionally more sessions.',
  ],
  ['Out of reach', 'Undecided, and no number of seeds or rounds within reason would probably decide it.'],
  [
    'Claim',
    'A statement of the suite. It is supported where the whole interval of its difference says so, contradicted where nothing of it does, and else undecided; its interval is corrected for all claims of the suite.',
  ],
  ['Supported', 'The whole interval of the difference says what the claim says.'],
  [
    'Contradicted',
    'Nothing of the interval says what the claim says. A tie contradicts a claim of more or of less.',
  ],
  [
    'Not comparable',
    'The networks differ too much in parameters or multiply-adds for their accuracies to be held against each other.',
  ],
  [
    'Rank',
    'One more than the number of candidates that are decidedly better, directly or through others. An equals sign marks a shared rank. Neighbours with different ranks may be undecided between themselves: some candidate beats the second and does not beat the first; the table of pairs shows which.',
  ],
  [
    'Pareto front',
    'The candidates of a group for which no other is as accurate at lower cost, or more accurate at the same cost. The probability is the share of draws in which the candidate is among them: draws from the model of all accuracies together, and of latency, sessions drawn anew.',
  ],
  [
    'Noise floor',
    'The far end of the 95 % interval of one network measured against itself (A/A control): smaller latency differences cannot be resolved.',
  ],
];
