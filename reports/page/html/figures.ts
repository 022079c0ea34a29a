import { type Chart, type Drawing, isTooMany, type KeyEntry, tooManyText } from '../../charts/chart.js';
import { renderSvg } from '../../charts/render.js';
import type { ReportView } from '../../view/view.js';
import { type Html, html, trusted } from './html.js';
import { colorKey } from './key.js';

/** Charts side by side; charts with nothing to draw are left out, those that wait for fewer candidates are not. The program of the page finds a chart by its id. */
export const figures = async (
  view: ReportView,
  charts: readonly Chart[],
  anchor: (id: string) => string,
): Promise<Html | null> => {
  const drawn: Html[] = [];
  for (const chart of charts) {
    const drawing = chart.draw(view);
    const id = anchor(chart.id);
    const attributes = html` data-chart="${chart.id}"`;
    if (drawing !== null) drawn.push(await figure(chart, drawing, id, attributes));
    else if (isTooMany(chart, view))
      drawn.push(framed(chart, html`<p class="nothing">${tooManyText(chart)}</p>`, id, attributes));
  }
  return drawn.length === 0 ? null : html`${drawn}`;
};

type Headed = Pick<Chart, 'title' | 'caption'>;

export const figure = async (
  chart: Headed,
  drawing: Drawing,
  id: string,
  attributes: Html | null = null,
): Promise<Html> => framed(chart, trusted(await renderSvg(drawing)), id, attributes, drawing.key);

const framed = (
  { title, caption }: Headed,
  plot: Html,
  id: string,
  attributes: Html | null,
  key?: readonly KeyEntry[],
): Html => html`
<figure id="${id}"${attributes}>
<figcaption><h3>${title}</h3><p>${caption.replaceAll(' %', '\u00a0%')}</p></figcaption>
${key ? colorKey(key) : null}<div class="plot">${plot}</div>
</figure>`;
