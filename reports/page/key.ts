/** What symbols and colours mean, as lists beside the charts. */
import type { KeyEntry } from '../charts/chart.js';
import { SHAPES } from '../palette.js';
import type { CandidateView, GroupView } from '../view.js';
import { type Html, html } from './html.js';

export const candidateSymbol = ({ look: { color, shape }, candidate: { group } }: CandidateView): Html =>
  symbol(shape, color, group === 'network');

/** The candidates of all groups, ranked; blocks are filled, published networks hollow. */
export const candidateKey = (groups: readonly GroupView[]): Html => html`
<div class="key">${groups.map(
  ({ title, candidates }) => html`
<div class="group"><p>${title}</p><ul>${candidates.map((each) => html`<li>${candidateSymbol(each)} ${rankBefore(each)}${each.name}</li>`)}</ul></div>`,
)}
</div>`;

export const colorKey = (entries: readonly KeyEntry[]): Html =>
  html`<ul class="key">${entries.map(({ label, color }) => html`<li>${symbol(SHAPES[1], color, false)} ${label}</li>`)}</ul>`;

const rankBefore = ({ rank }: CandidateView): Html | null =>
  rank.top1 === null ? null : html`<span class="rank">${rank.top1}</span> `;

const symbol = (shape: string, color: string, hollow: boolean): Html =>
  hollow
    ? html`<svg class="symbol" viewBox="-1.5 -1.5 3 3" aria-hidden="true"><path d="${shape}" fill="none" stroke="${color}" stroke-width="0.5"/></svg>`
    : html`<svg class="symbol" viewBox="-1.5 -1.5 3 3" aria-hidden="true"><path d="${shape}" fill="${color}"/></svg>`;
