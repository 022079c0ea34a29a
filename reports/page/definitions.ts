/** What the words and columns of the page mean. */
import { TERMS } from '../wording/terms.js';
import { type Html, html } from './html/html.js';

export const definitions = (): Html => html`
<dl class="definitions">
${TERMS.map(
  ([term, text]) => html`<div><dt>${term}</dt><dd>${withCode(text)}</dd></div>
`,
)}
</dl>`;

const withCode = (text: string): Html[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
