import type { Caution } from '../../../harness/analysis/caution.js';
import { cautionsByKind, cautionText } from '../../wording/cautions.js';
import { type Html, html } from '../html/html.js';

/** What cannot be concluded, in few lines: of several of one kind, the first; null where there is none. */
export const cautionList = (cautions: readonly Caution[]): Html | null => {
  if (cautions.length === 0) return null;
  return html`<ul class="cautions">${cautionsByKind(cautions).map(
    ([first, ...others]) => html`<li>${cautionText(first)}${rest(others)}</li>`,
  )}</ul>`;
};

const rest = (others: readonly Caution[]): Html | null =>
  others.length === 0
    ? null
    : html` <details><summary>${others.length} more like it</summary><ul>${others.map((caution) => html`<li>${cautionText(caution)}</li>`)}</ul></details>`;
