/** One chart of the accuracy against a cost at a time, large, with a list to choose the cost from. */
import type { Store } from './choice.js';
import { select } from './dom.js';

export const wireCosts = (section: Element | null, store: Store): void => {
  const figures = [...(section?.querySelectorAll<HTMLElement>('figure[data-chart^=accuracy]') ?? [])];
  if (section === null || figures.length < 2) return;
  const options = figures.map((figure) => ({
    value: figure.dataset.chart ?? '',
    text: (figure.querySelector('h3')?.textContent ?? '').replace('Accuracy against ', ''),
  }));
  section
    .querySelector('.charts')
    ?.before(
      select(
        'Cost on the x axis',
        [...options, { value: '', text: 'all, side by side' }],
        store.choice.cost ?? '',
        (value) => store.change({ cost: value === '' ? null : value }),
      ),
    );
  const show = (): void => {
    section.classList.toggle('single', store.choice.cost !== null);
    for (const figure of figures) {
      figure.hidden = store.choice.cost !== null && figure.dataset.chart !== store.choice.cost;
    }
  };
  store.listen(show);
  show();
};
