import { createHash } from 'node:crypto';
import { type HtmlPart, html, trusted } from './html.js';
import { STYLE } from './style.js';

/** What a page holds beside what it shows; by default the program that lightbench was built with. */
export interface DocumentOptions {
  /** Its program; null for a page that has none. */
  readonly script: string | null;
  /** Whether it asks its server for what is new. */
  readonly live?: boolean;
}

/** A whole HTML file that needs nothing else: its content security policy allows its own program, and no request but to its own server. */
export const htmlDocument = (
  title: HtmlPart,
  main: HtmlPart,
  { script, live = false }: DocumentOptions = { script: null },
): string => {
  const program = script === null ? null : script.replace(/<(?=\/script|!--)/gi, '\\x3c');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(STYLE)}'${program === null ? null : html`; script-src '${hashOf(program)}'`}${live ? html`; connect-src 'self'` : null}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the answer</a>
<main id="main"${live ? html` data-live` : null}>
${main}
</main>
<footer>Made by lightbench. ${
    live
      ? 'This page asks the lightbench that serves it for what is new, and nothing else.'
      : program === null
        ? 'This file loads nothing and runs no scripts.'
        : 'This file loads nothing; without script it shows the same, and charts and tables stand still.'
  }</footer>
${program === null ? null : trusted(`<script>${program}</script>`)}
</body>
</html>
`.markup;
};

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
