/** HTML by tagged template: whatever is put in is text and is escaped, unless it was made by `html` or `trusted`. */
import { printable } from '../../text/text.js';

export class Html {
  constructor(readonly markup: string) {}
}

/** Null and empty lists are nothing. */
export type HtmlPart = Html | string | number | null | readonly HtmlPart[];

export const html = (strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html =>
  new Html(strings.reduce((text, next, index) => `${text}${markupOf(parts[index - 1] ?? null)}${next}`));

/** Markup that is no user's text: what Vega drew, and the style sheet. */
export const trusted = (markup: string): Html => new Html(markup);

/** A block of code: quotation marks stay as they are, which halves the size of JSON. */
export const code = (text: string): Html =>
  new Html(`<pre><code>${printable(text).replace(/&/g, '&amp;').replace(/</g, '&lt;')}</code></pre>`);

/** Data for the program of the page: nothing in it ends the element, or is an invisible character. */
export const jsonData = (data: unknown): Html =>
  new Html(
    `<script type="application/json">${JSON.stringify(data).replace(/[<\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, escapedUnits)}</script>`,
  );

const escapedUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

const markupOf = (part: HtmlPart): string => {
  if (part === null) return '';
  if (part instanceof Html) return part.markup;
  return typeof part === 'string' || typeof part === 'number'
    ? escapeHtml(printable(String(part)))
    : part.map(markupOf).join('');
};

const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
