/** Everything that `explain` can explain. The words are those of the tables, pages and columns themselves. */
import { COLUMNS } from '../results/csv/csv-columns.js';
import { CHARTS } from './charts/registry.js';
import { CAUTION_HELP } from './wording/caution-help.js';
import { TERMS } from './wording/terms.js';

export interface Explanation {
  readonly kind: 'column' | 'term' | 'caution' | 'chart';
  readonly name: string;
  /** Of a column; empty where it has none. */
  readonly unit: string;
  readonly text: string;
}

export const EXPLANATIONS: readonly Explanation[] = [
  ...COLUMNS.map(({ name, unit, definition }) => ({ kind: 'column' as const, name, unit, text: definition })),
  ...TERMS.map(([term, text]) => ({ kind: 'term' as const, name: term.toLowerCase(), unit: '', text })),
  ...Object.entries(CAUTION_HELP).map(([name, text]) => ({ kind: 'caution' as const, name, unit: '', text })),
  ...CHARTS.map(({ id, title, caption }) => ({
    kind: 'chart' as const,
    name: id,
    unit: '',
    text: `${title}. ${caption}`,
  })),
];
