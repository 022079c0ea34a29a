/** Numbers in tables: written as the reader needs them, and sorted by what they are. */
import type { Estimate } from '../../../harness/analysis/analysis.js';
import { type Html, type HtmlPart, html } from './html.js';

export const numberCell = (value: number, text: HtmlPart): Html =>
  html`<span data-sort="${value}">${text}</span>`;

/** The value, and in brackets its interval. */
export const estimateCell = (estimate: Estimate | null, format: (value: number) => string): HtmlPart =>
  estimate === null
    ? '–'
    : html`${numberCell(estimate.value, html`<b>${format(estimate.value)}</b>`)}${estimate.interval && html` <span class="interval">[${estimate.interval.map(format).join(', ')}]</span>`}`;
