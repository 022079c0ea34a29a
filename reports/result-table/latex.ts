import { plainText } from '../text/text.js';
import { type Cell, cellParts } from './cell.js';
import type { ResultTable } from './result-table.js';

/** A `table` environment with the rules of booktabs. */
export const resultsAsLatex = ({ suite, columns, groups, caption }: ResultTable): string => {
  const rows = groups.flatMap(({ title, rows }, index) => [
    ...(index === 0 ? [] : ['\\midrule']),
    ...(groups.length < 2 ? [] : [`\\multicolumn{${columns.length}}{l}{\\emph{${latexText(title)}}} \\\\`]),
    ...rows.map((cells) => row(cells.map(cellText))),
  ]);
  const units = columns.map(({ unit }) => latexText(unit));
  const lines = [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(caption)}}`,
    `  \\label{tab:${suite.replaceAll(/[^a-z0-9]+/g, '-')}}`,
    `  \\begin{tabular}{${columns.map(({ align }) => align.charAt(0)).join('')}}`,
    ...[
      '\\toprule',
      row(columns.map(({ heading }) => latexText(heading))),
      ...(units.every((unit) => unit === '') ? [] : [row(units)]),
      '\\midrule',
      ...rows,
      '\\bottomrule',
    ].map((line) => `    ${line}`),
    '  \\end{tabular}',
    '\\end{table}',
  ];
  const needs = ['% \\usepackage{booktabs}', ...(lines.some(isForeign) ? [FOREIGN] : [])];
  return `${[...needs, ...lines].join('\n')}\n`;
};

const FOREIGN =
  '% Some names are not in Latin letters: compile with LuaLaTeX or XeLaTeX, and a font that has them.';

const isForeign = (line: string): boolean => /[^\s\u0020-\u024f\u2010-\u2026]/u.test(line);

const row = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;

const cellText = (cell: Cell): string => {
  const { value, interval } = cellParts(cell);
  const shown = cell.kind === 'estimate' && cell.isBest ? `\\textbf{${latexText(value)}}` : latexText(value);
  return interval === '' ? shown : `${shown} ${latexText(interval)}`;
};

/** Nothing of the text is a command. What LaTeX or its oldest font encoding would read as something else is spelt out. */
export const latexText = (text: string): string =>
  plainText(text).replace(
    /[\\{}#$%&^_~<>|"[\]*−…]|--+/g,
    (found) => SPELT[found] ?? found.replaceAll('-', '{-}'),
  );

const SPELT: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '#': '\\#',
  $: '\\$',
  '%': '\\%',
  '&': '\\&',
  '^': '\\textasciicircum{}',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  // After the end of a row, a bracket or a star is an argument.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  '−': '$-$',
  '…': '\\dots{}',
};
