import type { Comparison, Verdict } from '../../../harness/analysis/analysis.js';
import { effectText } from '../../wording/effect-text.js';
import { type Html, html } from '../html/html.js';
import { numberCell } from '../html/number-cell.js';

/** An effect with its interval, in points for top-1 and in percent for everything else. */
export const effectCell = (comparison: Pick<Comparison, 'effect' | 'interval'>): Html => {
  const { value, interval } = effectText(comparison);
  return html`${numberCell(comparison.effect, value)}${interval === null ? null : html` <span class="interval">${interval}</span>`}`;
};

export const verdictCell = (verdict: Verdict): Html =>
  html`<span class="verdict ${verdict.state}">${verdict.state}</span>`;
