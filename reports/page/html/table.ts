/** Tables that scroll on their own where a page is narrow. */
import { type Html, type HtmlPart, html } from './html.js';

export interface Heading {
  readonly text: HtmlPart;
  /** Shown where the reader points at the heading. */
  readonly definition?: string;
  readonly numeric?: boolean;
  readonly span?: number;
}

export interface TableContent {
  readonly caption: string;
  readonly headings: readonly (readonly Heading[])[];
  /** Groups of rows, each with a heading of its own where there are several. */
  readonly bodies: readonly { readonly title?: string; readonly rows: readonly (readonly HtmlPart[])[] }[];
}

/** The first cell of a row is its heading; the last row of headings says which columns hold numbers. */
export const table = ({ caption, headings, bodies }: TableContent): Html => {
  const columns = headings.at(-1) ?? [];
  const width = columns.reduce((sum, { span }) => sum + (span ?? 1), 0);
  return html`
<p class="caption">${caption}</p>
<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table aria-label="${caption}">
<thead>${headings.map((row) => html`<tr>${row.map(headingCell)}</tr>`)}</thead>
${bodies.map(
  ({ title, rows }) => html`<tbody>
${title === undefined ? null : html`<tr class="group"><th colspan="${width}" scope="rowgroup">${title}</th></tr>`}
${rows.map((cells) => html`<tr>${cells.map((cell, index) => bodyCell(cell, index, columns[index]))}</tr>`)}
</tbody>`,
)}
</table>
</div>`;
};

const headingCell = ({ text, definition, numeric, span }: Heading): Html =>
  html`<th scope="${(span ?? 1) > 1 ? 'colgroup' : 'col'}"${attribute('colspan', span ?? null)}${attribute('class', numeric ? 'number' : null)}${attribute('title', definition ?? null)}>${text}</th>`;

const bodyCell = (cell: HtmlPart, index: number, column: Heading | undefined): Html =>
  index === 0
    ? html`<th scope="row">${cell}</th>`
    : html`<td${attribute('class', column?.numeric ? 'number' : null)}>${cell}</td>`;

const attribute = (name: 'colspan' | 'class' | 'title', value: string | number | null): Html | null =>
  value === null ? null : html` ${name}="${value}"`;
