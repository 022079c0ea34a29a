import { createHash } from 'node:crypto';
import { type HtmlPart, html, trusted } from './html.js';
import { STYLE } from './style.js';

/** A whole HTML file that needs nothing else: its content security policy allows no script and no request. */
export const htmlDocument = (title: HtmlPart, main: HtmlPart): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
${main}
</main>
<footer>Made by lightbench. This file loads nothing and runs no script.</footer>
</body>
</html>
`.markup;

const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
