import { stringify } from 'csv-stringify/sync';
import type { Cell } from './cell.js';
import type { ResultTable } from './result-table.js';

/** A row per candidate; numbers are not rounded, an estimate has columns for the ends of its interval. The caption is left out. */
export const resultsAsCsv = ({ columns, groups }: ResultTable): string => {
  const rows = groups.flatMap(({ title, rows }) =>
    rows.map((cells) => [{ kind: 'text', text: title }, ...cells] as const),
  );
  const names = ['group', ...columns.map(({ id }) => id.replaceAll('-', '_'))];
  const units = ['', ...columns.map(({ unit }) => unit)];
  const isEstimated = (index: number): boolean => rows.some((cells) => cells[index]?.kind === 'estimate');
  const heading = names.flatMap((name, index) => {
    const full = units[index] === '' ? name : `${name}_${UNIT_NAMES[units[index] ?? ''] ?? units[index]}`;
    return isEstimated(index) ? [full, `${full}_low`, `${full}_high`] : [full];
  });
  const body = rows.map((cells) => cells.flatMap((cell, index) => fields(cell, isEstimated(index))));
  return stringify([heading, ...body], { escape_formulas: true, quoted_match: /\n/ });
};

const UNIT_NAMES: Readonly<Record<string, string>> = { '%': 'percent' };

const fields = (cell: Cell, isEstimated: boolean): (string | number | null)[] => {
  switch (cell.kind) {
    case 'none':
      return isEstimated ? [null, null, null] : [null];
    case 'text':
      return [cell.text];
    case 'number':
      return [cell.value];
    case 'estimate':
      return [cell.estimate.value, cell.estimate.interval?.[0] ?? null, cell.estimate.interval?.[1] ?? null];
  }
};
