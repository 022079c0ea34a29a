import { markdownText } from '../text/markdown-text.js';
import { type Cell, cellParts } from './cell.js';
import type { ResultTable } from './result-table.js';

/** A table as GitHub and most others read it, with the caption below. */
export const resultsAsMarkdown = ({ columns, groups, caption }: ResultTable): string =>
  `${[
    row(columns.map(({ heading, unit }) => markdownText(unit === '' ? heading : `${heading} (${unit})`))),
    row(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))),
    ...groups.flatMap(({ title, rows }) => [
      ...(groups.length < 2 ? [] : [row([`**${markdownText(title)}**`, ...columns.slice(1).map(() => '')])]),
      ...rows.map((cells) => row(cells.map(cellText))),
    ]),
    '',
    markdownText(caption),
  ].join('\n')}\n`;

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const cellText = (cell: Cell): string => {
  const { value, interval } = cellParts(cell);
  const text = markdownText(value);
  const shown = cell.kind === 'estimate' && cell.isBest ? `**${text}**` : text;
  return interval === '' ? shown : `${shown} ${markdownText(interval)}`;
};
