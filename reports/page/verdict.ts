import type { Comparison, Verdict } from '../../harness/analysis/analysis.js';
import { digitsOf, signed } from '../numbers.js';
import { type Html, html } from './html.js';

/** An effect with its interval, in points for top-1 and in percent for everything else. */
export const effectCell = ({ effect, interval }: Pick<Comparison, 'effect' | 'interval'>): Html => {
  const digits = interval === null ? 2 : digitsOf([100 * interval[0], 100 * interval[1]]);
  const ends = interval?.map((end) => signed(100 * end, digits)).join(', ');
  return html`${signed(100 * effect, digits)}${ends === undefined ? null : html` <span class="interval">[${ends}]</span>`}`;
};

export const verdictCell = (verdict: Verdict): Html =>
  html`<span class="verdict ${verdict.state}">${verdict.state}</span>`;

/** What would decide a comparison: empty where it is decided. */
export const neededText = (verdict: Verdict): string => {
  if (verdict.state !== 'undecided') return '';
  return verdict.needed === null ? 'out of reach' : `about ${verdict.needed.count} ${verdict.needed.unit}`;
};
