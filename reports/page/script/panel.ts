/** The list of candidates as a means to choose: boxes, a search, the references. */
import type { ChartView } from '../../view/chart-view.js';
import type { Choice, Store } from './choice.js';
import { button, element, select } from './dom.js';

export const wirePanel = (panel: Element, view: ChartView, store: Store): void => {
  const items = [...panel.querySelectorAll<HTMLLIElement>('.key li')].map((item) => wireItem(item, store));
  const labels = view.candidates.map(({ label }) => label);
  const found = (): readonly string[] => items.filter(({ item }) => !item.hidden).map(({ label }) => label);
  const only = (wanted: readonly string[]): void =>
    store.change({ hidden: new Set(labels.filter((label) => !wanted.includes(label))) });
  const search = element('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search candidates',
  });
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    for (const { item, name } of items) item.hidden = !name.toLowerCase().includes(wanted);
  });
  const count = element('p', { class: 'count', role: 'status' });
  const tools = element(
    'div',
    { class: 'tools' },
    search,
    element(
      'div',
      { class: 'buttons' },
      button('All', () => only(labels)),
      button('Only these', () => only(found())),
      ...(labels.length > BEST ? [button(`First ${BEST}`, () => only(labels.slice(0, BEST)))] : []),
    ),
    count,
    ...view.groups
      .filter(({ candidates }) => candidates.length > 1)
      .map(({ title, candidates, reference }) =>
        select(
          view.groups.length === 1 ? 'Reference' : `Reference, ${title}`,
          candidates.map(({ label, shortName }) => ({ value: label, text: shortName })),
          store.choice.references.get(title) ?? reference.label,
          (label) => store.change({ references: new Map([...store.choice.references, [title, label]]) }),
        ),
      ),
  );
  panel.querySelector('.key')?.before(tools);
  const show = ({ hidden, focus }: Choice): void => {
    count.textContent = `${labels.length - hidden.size} of ${labels.length} shown`;
    for (const { item, box, label } of items) {
      box.checked = !hidden.has(label);
      item.classList.toggle('out', hidden.has(label));
      item.classList.toggle('focus', label === focus);
    }
  };
  store.listen(show);
  show(store.choice);
};

const BEST = 10;

const wireItem = (item: HTMLLIElement, store: Store) => {
  const label = item.querySelector('[data-candidate]')?.getAttribute('data-candidate') ?? '';
  const box = element('input', { type: 'checkbox' });
  box.addEventListener('change', () => {
    const hidden = new Set(store.choice.hidden);
    if (box.checked) hidden.delete(label);
    else hidden.add(label);
    store.change({ hidden });
  });
  item.replaceChildren(element('label', {}, box, ...item.childNodes));
  item.addEventListener('focusin', () => store.change({ focus: label }));
  item.addEventListener('focusout', () => store.change({ focus: null }));
  const name = item.querySelector('[title]:has([data-candidate])')?.getAttribute('title') ?? label;
  return { item, box, label, name };
};
