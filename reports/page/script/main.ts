/** The program of the page: what stands still in the file is made to answer. Without it, the page says the same. */
import { countedCost } from '../../../results/plan/counted-cost.js';
import { CHARTS } from '../../charts/registry.js';
import type { ChartView } from '../../view/chart-view.js';
import { type PackedView, unpackView } from '../packed-view.js';
import { type Choice, chosenView, Store } from './choice.js';
import { wireCosts } from './costs.js';
import { followServer } from './follow-server.js';
import { LiveChart } from './live-chart.js';
import { wirePanel } from './panel.js';
import { CandidateRows, showDifferences, wireTables } from './tables.js';

/** By the id of an article: choices outlive the arrival of new results. */
const choices = new Map<string, Choice>();

const start = (): void => {
  for (const article of document.querySelectorAll('article')) wire(article);
};

const wire = (article: HTMLElement): void => {
  const data = article.querySelector('script[type="application/json"]')?.textContent;
  if (!data) return;
  const view = unpackView(JSON.parse(data) as PackedView);
  const store = new Store(choices.get(article.id) ?? firstChoice(view));
  let chosen = chosenView(view, store.choice);
  wireTables(article);
  const rows = new CandidateRows(article);
  const panel = article.querySelector('.panel');
  if (panel !== null) wirePanel(panel, view, store);
  wireCosts(article.querySelector('.accuracy'), store);
  const charts = chartsOf(article, store, () => chosen);
  const show = (choice: Choice, before: Choice | null): void => {
    choices.set(article.id, choice);
    const isOther = choice.hidden !== before?.hidden || choice.references !== before.references;
    if (isOther) {
      chosen = chosenView(view, choice);
      rows.hide(choice.hidden);
      showDifferences(article, chosen);
      for (const chart of charts) chart.refresh();
    }
    if (choice.focus !== before?.focus) {
      const { hidden, focus } = choice;
      for (const chart of charts) chart.focusOn(focus !== null && hidden.has(focus) ? null : focus);
      rows.mark(before?.focus ?? null, false);
      rows.mark(choice.focus, true);
    }
  };
  store.listen(show);
  if (choices.has(article.id)) show(store.choice, null);
  article.addEventListener('mouseover', ({ target }) => {
    const from = target instanceof Element ? target.closest('tr, .key li') : null;
    if (from === null) return;
    const label = from.querySelector('[data-candidate]')?.getAttribute('data-candidate') ?? null;
    if (label !== store.choice.focus) store.change({ focus: label });
  });
  article.addEventListener('mouseout', ({ target }) => {
    if (target instanceof Element && target.closest('tr, .key li') && store.choice.focus !== null)
      store.change({ focus: null });
  });
};

/** The accuracy against the cost in which candidates differ most. */
const widestCost = ({ candidates }: ChartView): string => {
  const costs: Readonly<Record<string, readonly number[]>> = {
    'accuracy-params': candidates.map(({ candidate }) => candidate.costs.deploy.params),
    'accuracy-macs': candidates.map(({ candidate }) => candidate.costs.deploy.macs),
    'accuracy-peak-memory': candidates.flatMap(
      ({ candidate }) => countedCost(candidate.costs.deploy, 'peak-memory') ?? [],
    ),
    'accuracy-latency': candidates.flatMap(({ latencyMs }) => latencyMs?.value ?? []),
  };
  const spread = (values: readonly number[] = []): number =>
    values.length === 0 ? 0 : Math.max(...values) / Math.min(...values);
  return Object.keys(costs).reduce((widest, one) =>
    spread(costs[one]) > spread(costs[widest]) ? one : widest,
  );
};

const firstChoice = (view: ChartView): Choice => ({
  hidden: new Set(),
  references: new Map(),
  focus: null,
  cost: widestCost(view),
});

const chartsOf = (article: Element, store: Store, view: () => ChartView): readonly LiveChart[] =>
  [...article.querySelectorAll<HTMLElement>('figure[data-chart]')].flatMap((figure) => {
    const chart = CHARTS.find(({ id }) => id === figure.dataset.chart);
    if (chart === undefined) return [];
    return [
      new LiveChart(figure, chart, {
        view,
        focus: () => {
          const { hidden, focus } = store.choice;
          return focus !== null && hidden.has(focus) ? null : focus;
        },
        setFocus: (focus) => {
          if (focus !== store.choice.focus) store.change({ focus });
        },
      }),
    ];
  });

start();
followServer(start);
