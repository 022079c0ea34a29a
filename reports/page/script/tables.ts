/** Tables that can be sorted and filtered, and that show only the chosen candidates. */
import type { ChartGroup, ChartView } from '../../view/chart-view.js';
import { comparisonOf } from '../../view/comparisons.js';
import { effectText } from '../../wording/effect-text.js';
import type { Choice } from './choice.js';
import { element } from './dom.js';
import { compareKeys, keyOf } from './sort-key.js';

export const wireTables = (article: Element): void => {
  for (const table of article.querySelectorAll('table')) {
    const headings = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])];
    for (const [column, heading] of headings.entries()) wireHeading(table, headings, column, heading);
    const rows = [...table.tBodies].flatMap(({ rows }) => [...rows]);
    if (rows.length > WORTH_A_FILTER) addFilter(table, rows);
  }
};

const WORTH_A_FILTER = 12;

interface Row {
  readonly row: Element;
  readonly labels: readonly string[];
}

/** The rows of an article by the candidates that they are about; looked for when they are first needed. */
export class CandidateRows {
  private known: { readonly rows: readonly Row[]; readonly byLabel: ReadonlyMap<string, Element[]> } | null =
    null;

  constructor(private readonly article: Element) {}

  private find() {
    const rows = [...this.article.querySelectorAll('tbody tr')].map((row) => ({
      row,
      labels: [...row.querySelectorAll('[data-candidate]')].map(
        (each) => each.getAttribute('data-candidate') ?? '',
      ),
    }));
    const byLabel = new Map<string, Element[]>();
    for (const { row, labels } of rows) {
      for (const label of labels) byLabel.set(label, [...(byLabel.get(label) ?? []), row]);
    }
    this.known = { rows, byLabel };
    return this.known;
  }

  /** A row of two goes with either. */
  hide(hidden: Choice['hidden']): void {
    for (const { row, labels } of (this.known ?? this.find()).rows) {
      row.classList.toggle(
        'unchosen',
        labels.some((label) => hidden.has(label)),
      );
    }
  }

  mark(label: string | null, isMarked: boolean): void {
    for (const row of (this.known ?? this.find()).byLabel.get(label ?? '') ?? [])
      row.classList.toggle('focus', isMarked);
  }
}

/** Writes the differences from other references into the table of results. */
export const showDifferences = (article: Element, { groups }: ChartView): void => {
  const groupOf = new Map(groups.flatMap((group) => group.candidates.map(({ label }) => [label, group])));
  for (const row of article.querySelectorAll('.results tbody tr')) {
    const label = row.querySelector('[data-candidate]')?.getAttribute('data-candidate') ?? '';
    const group = groupOf.get(label);
    if (group === undefined) continue;
    for (const metric of ['top1', 'latency'] as const) {
      const effect = row.querySelector(`[data-effect="${metric}"]`);
      const verdict = row.querySelector(`[data-verdict="${metric}"]`);
      effect?.replaceChildren(...effectNodes(group, label, metric));
      verdict?.replaceChildren(...verdictNodes(group, label, metric));
    }
  }
};

type Metric = 'top1' | 'latency';

const comparisonIn = (group: ChartGroup, label: string, metric: Metric) => {
  const candidate = group.candidates.find((one) => one.label === label);
  return candidate === undefined || candidate.id === group.reference.id
    ? null
    : comparisonOf(group.comparable, metric, candidate.id, group.reference.id);
};

const effectNodes = (group: ChartGroup, label: string, metric: Metric): (Node | string)[] => {
  const comparison = comparisonIn(group, label, metric);
  if (comparison === null) return [];
  const { value, interval } = effectText(comparison);
  const sorted = element('span', { 'data-sort': String(comparison.effect) }, value);
  return interval === null ? [sorted] : [sorted, ' ', element('span', { class: 'interval' }, interval)];
};

const verdictNodes = (group: ChartGroup, label: string, metric: Metric): Node[] => {
  if (label === group.reference.label) return [element('span', { class: 'verdict' }, 'reference')];
  const state = comparisonIn(group, label, metric)?.verdict.state;
  return state === undefined ? [] : [element('span', { class: `verdict ${state}` }, state)];
};

const wireHeading = (
  table: HTMLTableElement,
  headings: readonly HTMLTableCellElement[],
  column: number,
  heading: HTMLTableCellElement,
): void => {
  const sort = element('button', { type: 'button', class: 'sort' }, ...heading.childNodes);
  heading.replaceChildren(sort);
  sort.addEventListener('click', () => {
    const isAscending = heading.getAttribute('aria-sort') !== 'ascending';
    for (const other of headings) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', isAscending ? 'ascending' : 'descending');
    for (const body of table.tBodies) sortRows(body, column, isAscending);
  });
};

const sortRows = (body: HTMLTableSectionElement, column: number, isAscending: boolean): void => {
  const rows = [...body.rows].filter((row) => !row.classList.contains('group'));
  const keyed = rows.map((row) => ({ row, key: keyOf(sortTextOf(row.cells[column])) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key, isAscending ? 1 : -1));
  body.append(...keyed.map(({ row }) => row));
};

/** The true value, where the text of the cell is rounded. */
const sortTextOf = (cell: Element | undefined): string =>
  cell?.querySelector('[data-sort]')?.getAttribute('data-sort') ?? cell?.textContent ?? '';

const addFilter = (table: HTMLTableElement, rows: readonly HTMLTableRowElement[]): void => {
  const field = element('input', { type: 'search', placeholder: 'Rows with …' });
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of rows) {
      if (row.classList.contains('group')) continue;
      row.classList.toggle('unfound', !(row.textContent ?? '').toLowerCase().includes(wanted));
    }
  });
  const title = table.getAttribute('aria-label') ?? '';
  field.setAttribute('aria-label', `Filter the table: ${title}`);
  table.closest('.scroll')?.before(field);
};
