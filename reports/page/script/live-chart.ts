/** A chart that answers. Its drawing from the file stays until it comes into view, or the reader chooses something. */
import embed, { type Result } from 'vega-embed';
import { type Chart, type Drawing, isTooMany, tooManyText } from '../../charts/chart.js';
import type { ChartView } from '../../view/chart-view.js';
import { button, element, whenIdle } from './dom.js';
import { EMBEDDING } from './embedding.js';
import { EXPORTS } from './export-chart.js';
import { FOCUS, interactiveSpec } from './interactive-spec.js';
import { tellMarks } from './mark-tooltips.js';

interface Reader {
  readonly view: () => ChartView;
  readonly focus: () => string | null;
  readonly setFocus: (label: string | null) => void;
}

export class LiveChart {
  private shown: Result | null = null;
  private isStale = true;
  private isSeen = false;
  private zoom = 1;
  private drawing: Drawing | null = null;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly figure: HTMLElement,
    private readonly chart: Chart,
    private readonly reader: Reader,
  ) {
    this.figure.querySelector('figcaption')?.append(this.menu());
    new IntersectionObserver(
      (entries) => {
        this.isSeen = entries.some(({ isIntersecting }) => isIntersecting);
        if (this.isSeen) whenIdle(() => this.draw());
      },
      { rootMargin: '200px' },
    ).observe(figure);
  }

  /** The reader chose other candidates. */
  refresh(): void {
    this.isStale = true;
    this.draw();
  }

  focusOn(label: string | null): void {
    this.shown?.view.signal(FOCUS, label).runAsync();
  }

  /** One drawing after another: the last choice is the one that stays. */
  private draw(): void {
    this.last = this.last.then(async () => {
      if (!this.isSeen || !this.isStale) return;
      this.isStale = false;
      await this.embed();
    });
  }

  private async embed(): Promise<void> {
    const plot = this.figure.querySelector('.plot');
    if (plot === null) return;
    const view = this.reader.view();
    this.drawing = this.chart.draw(view);
    this.shown?.finalize();
    this.shown = null;
    if (this.drawing === null) {
      const text = isTooMany(this.chart, view)
        ? tooManyText(this.chart)
        : 'Nothing to draw of these candidates.';
      plot.replaceChildren(element('p', { class: 'nothing' }, text));
      return;
    }
    const { spec, margins } = this.drawing;
    const canZoom = matchMedia('(pointer: fine)').matches;
    const place = element('div', { 'aria-hidden': 'true' });
    const shown = await embed(
      place,
      {
        ...interactiveSpec(spec, { zoom: this.zoom, canZoom }),
        autosize: 'none',
        padding: margins,
        background: 'transparent',
      } as Parameters<typeof embed>[1],
      { ...EMBEDDING, config: { aria: false, legend: { disable: true } } },
    );
    // Vega gives the element that it draws in a role of its own, and names for every mark: the chart has one name.
    const image = element('div', { 'aria-label': spec.description ?? this.chart.title }, place);
    plot.replaceChildren(image);
    this.shown = shown;
    tellMarks(image);
    shown.view.addEventListener('mouseover', (_, item) => this.reader.setFocus(candidateOf(item)));
    shown.view.addEventListener('mouseout', () => this.reader.setFocus(null));
    this.focusOn(this.reader.focus());
  }

  private menu(): HTMLElement {
    const menu = element('details', { class: 'menu' });
    const name = this.chart.id;
    const items = EXPORTS.map(({ title, save }) =>
      button(title, () => {
        menu.open = false;
        const drawing = this.drawing ?? this.chart.draw(this.reader.view());
        if (drawing !== null) save({ name, drawing });
      }),
    );
    const zooms = [
      button('Zoom in', () => this.zoomBy(1.5)),
      button('Zoom out', () => this.zoomBy(1 / 1.5)),
      button('Whole chart', () => this.zoomBy(null)),
    ];
    menu.append(
      element('summary', { 'aria-label': `Menu of the chart: ${this.chart.title}` }, '⋯'),
      element('div', {}, ...items, ...zooms),
    );
    menu.addEventListener('toggle', () => {
      const section = menu.closest('section');
      section?.classList.toggle('menu-open', section.querySelector('.menu[open]') !== null);
    });
    menu.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      menu.open = false;
      menu.querySelector('summary')?.focus();
    });
    return menu;
  }

  private zoomBy(factor: number | null): void {
    this.zoom = factor === null ? 1 : Math.max(1, this.zoom * factor);
    this.refresh();
  }
}

const candidateOf = (item: unknown): string | null => {
  const { datum } = (item ?? {}) as { readonly datum?: { readonly candidate?: unknown } };
  return typeof datum?.candidate === 'string' ? datum.candidate : null;
};
