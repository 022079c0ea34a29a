import type { Chart, Drawing } from '../charts/chart.js';
import { renderSvg } from '../charts/render.js';
import type { ReportView } from '../view.js';
import { type Html, html, trusted } from './html.js';
import { colorKey } from './key.js';

/** Charts side by side; charts with nothing to draw are left out. The program of the page finds a chart by its id. */
export const figures = async (
  view: ReportView,
  charts: readonly Chart[],
  anchor: (id: string) => string,
): Promise<Html | null> => {
  const drawn: Html[] = [];
  for (const chart of charts) {
    const drawing = chart.draw(view);
    if (drawing !== null)
      drawn.push(await figure(chart, drawing, anchor(chart.id), html` data-chart="${chart.id}"`));
  }
  return drawn.length === 0 ? null : html`${drawn}`;
};

export const figure = async (
  { title, caption }: Pick<Chart, 'title' | 'caption'>,
  drawing: Drawing,
  id: string,
  attributes: Html | null = null,
): Promise<Html> => html`
<figure id="${id}"${attributes}>
<figcaption><h3>${title}</h3><p>${caption.replaceAll(' %', '\u00a0%')}</p></figcaption>
${drawing.key ? colorKey(drawing.key) : null}<div class="plot">${trusted(await renderSvg(drawing))}</div>
</figure>`;
