/** The formats of a table of results: one function each. */
import { resultsAsCsv } from './csv.js';
import { resultsAsHtml } from './html.js';
import { resultsAsLatex } from './latex.js';
import { resultsAsMarkdown } from './markdown.js';
import type { ResultTable } from './result-table.js';

export const TABLE_FORMATS = {
  latex: resultsAsLatex,
  md: resultsAsMarkdown,
  csv: resultsAsCsv,
  html: resultsAsHtml,
} as const satisfies Record<string, (table: ResultTable) => string>;

export type TableFormat = keyof typeof TABLE_FORMATS;
