import type { Caution } from '../../harness/analysis/caution.js';
import { cautionText } from '../cautions.js';
import { type Html, html } from './html.js';

/** What cannot be concluded, in few lines: of several of one kind, the first; null where there is none. */
export const cautionList = (cautions: readonly Caution[]): Html | null => {
  if (cautions.length === 0) return null;
  const kinds = new Map<Caution['kind'], Caution[]>();
  for (const caution of cautions) kinds.set(caution.kind, [...(kinds.get(caution.kind) ?? []), caution]);
  return html`<ul class="cautions">${[...kinds.values()].map(
    ([first, ...others]) => html`<li>${first === undefined ? null : cautionText(first)}${rest(others)}</li>`,
  )}</ul>`;
};

const rest = (others: readonly Caution[]): Html | null =>
  others.length === 0
    ? null
    : html` <details><summary>${others.length} more like it</summary><ul>${others.map((caution) => html`<li>${cautionText(caution)}</li>`)}</ul></details>`;
