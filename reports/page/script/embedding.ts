import type { EmbedOptions } from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';

/** Expressions are interpreted and styles are the page's: its policy allows no code from text, and no other style. */
export const EMBEDDING: EmbedOptions = {
  ast: true,
  expr: expressionInterpreter,
  renderer: 'svg',
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};
