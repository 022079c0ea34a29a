import type { Environment } from '../../../results/run/environment.js';
import { type Html, html } from '../html/html.js';

export const commitText = ({ commit, uncommitted }: Environment): Html =>
  html`<code>${commit}</code>${uncommitted ? ' with uncommitted changes' : null}`;
