/** What symbols and colours mean, as lists beside the charts. */

import type { KeyEntry } from '../../charts/chart.js';
import { SHAPES } from '../../palette.js';
import type { ChartCandidate } from '../../view/chart-view.js';
import type { CandidateView, GroupView } from '../../view/view.js';
import { type Html, html } from './html.js';

/** A name with its symbol: filled for blocks, hollow for published networks. The program of the page finds rows by the label; a narrow page shows the short name until the reader points at the row. */
export const candidateName = ({
  label,
  name,
  shortName,
  tableName,
  look: { color, shape },
  candidate: { group },
}: CandidateView): Html =>
  html`<span class="candidate" data-candidate="${label}"${tableName === name ? null : html` title="${name}"`}${tableName === shortName ? null : html` data-short="${shortName}"`}>${symbol(shape, color, group === 'network')} <bdi>${breakable(tableName)}</bdi></span>`;

/** May go on in the next line after punctuation, as of a part's options, and not only after spaces. */
const breakable = (name: string): Html[] =>
  name.split(/(?<=[,(=/])(?=\w)/).map((part, index) => (index === 0 ? html`${part}` : html`<wbr>${part}`));

const listedName = (candidate: CandidateView): Html =>
  html`<span title="${candidate.name}">${candidateName({ ...candidate, name: candidate.shortName, tableName: candidate.shortName })}</span>`;

/** The candidates of all groups, ranked. */
export const candidateKey = (groups: readonly GroupView[]): Html => html`
<div class="key" role="group" aria-label="Candidates by rank" tabindex="0">${groups.map(
  ({ title, candidates }) => html`
<h3>${title}</h3><ul>${candidates.map((each) => html`<li>${rankBefore(each)}${listedName(each)}</li>`)}</ul>`,
)}
</div>`;

export const colorKey = (entries: readonly KeyEntry[]): Html =>
  html`<ul class="colors">${entries.map(({ label, color }) => html`<li>${symbol(SHAPES[1], color, false)} ${label}</li>`)}</ul>`;

const rankBefore = ({ rank }: ChartCandidate): Html =>
  html`<span class="rank" title="Rank on top-1">${rank.top1 ?? ''}</span>`;

const symbol = (shape: string, color: string, hollow: boolean): Html =>
  hollow
    ? html`<svg class="symbol" viewBox="-1.5 -1.5 3 3" aria-hidden="true"><path d="${shape}" fill="none" stroke="${color}" stroke-width="0.5"/></svg>`
    : html`<svg class="symbol" viewBox="-1.5 -1.5 3 3" aria-hidden="true"><path d="${shape}" fill="${color}"/></svg>`;
