import Table from 'cli-table3';
import pc from 'picocolors';
import { visible } from '../../user/visible.js';

export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/**
 * A plain table: a heading, a rule, rows; no frame, so that it copies well. What cells hold is made visible. Where a terminal is too narrow
 * for it, the last column is broken between words.
 */
export const textTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string => {
  const shown = rows.map((row) => row.map(visible));
  const table = new Table({
    head: columns.map(({ heading }) => pc.bold(heading)),
    colAligns: columns.map(({ align = 'left' }) => align),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    chars: PLAIN,
    ...lastColumnWithin(width, columns, shown),
  });
  for (const row of shown) table.push(row);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};

const GAP = 2;

/** A column of less is not worth breaking. */
const LEAST = 24;

const lastColumnWithin = (
  width: number,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): { readonly colWidths?: (number | null)[]; readonly wordWrap?: true } => {
  const widths = columns.map(
    ({ heading }, column) =>
      Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].map(lengthOf)) + GAP,
  );
  const last = widths.pop() ?? 0;
  const room = width - widths.reduce((sum, each) => sum + each, 0);
  return last - GAP <= room || room < LEAST
    ? {}
    : { colWidths: [...widths.map(() => null), room + GAP], wordWrap: true };
};

const lengthOf = (text: string): number => [...text].length;

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
