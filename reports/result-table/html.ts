import { type Html, html } from '../page/html/html.js';
import { type Cell, cellParts } from './cell.js';
import type { ResultTable } from './result-table.js';

/** A `table` element, without styles. */
export const resultsAsHtml = ({ columns, groups, caption }: ResultTable): string =>
  `${
    html`<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ heading, unit }) => html`<th scope="col">${unit === '' ? heading : `${heading} (${unit})`}</th>`)}</tr></thead>
${groups.map(
  ({ title, rows }) => html`<tbody>
${groups.length < 2 ? null : html`<tr><th colspan="${columns.length}" scope="rowgroup">${title}</th></tr>\n`}${rows.map(
  (cells) => html`<tr>${cells.map(cellOf)}</tr>\n`,
)}</tbody>
`,
)}</table>`.markup
  }\n`;

const cellOf = (cell: Cell, index: number): Html => {
  const { value, interval } = cellParts(cell);
  const shown = cell.kind === 'estimate' && cell.isBest ? html`<b>${value}</b>` : value;
  const content = html`<bdi>${shown}</bdi>${interval === '' ? null : ` ${interval}`}`;
  return index === 0 ? html`<th scope="row">${content}</th>` : html`<td>${content}</td>`;
};
