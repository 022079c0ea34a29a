import type { Chart, Drawing } from '../charts/chart.js';
import { renderSvg } from '../charts/render.js';
import type { ReportView } from '../view.js';
import { code, type Html, html, trusted } from './html.js';
import { colorKey } from './key.js';

/** Charts side by side, each with its specification; charts with nothing to draw are left out. */
export const figures = async (
  view: ReportView,
  charts: readonly Chart[],
  anchor: (id: string) => string,
): Promise<Html | null> => {
  const drawn: Html[] = [];
  for (const chart of charts) {
    const drawing = chart.draw(view);
    if (drawing !== null) drawn.push(await figure(chart, drawing, anchor(chart.id)));
  }
  return drawn.length === 0 ? null : html`${drawn}`;
};

/** A drawing with its specification. */
export const figure = async (
  { title, caption }: Pick<Chart, 'title' | 'caption'>,
  drawing: Drawing,
  id: string,
): Promise<Html> => html`
<figure id="${id}">
<figcaption><h3>${title}</h3><p>${caption.replaceAll(' %', '\u00a0%')}</p></figcaption>
<div class="plot">${drawing.key ? colorKey(drawing.key) : null}${trusted(await renderSvg(drawing))}</div>
<details><summary>Vega-Lite spec</summary>${code(specText(drawing.spec))}</details>
</figure>`;

/** Indented, with each row of data on one line. */
const specText = (spec: Drawing['spec']): string =>
  JSON.stringify(spec, null, 1).replace(/\{\n[^{}[\]]*\}/g, (row) => row.replace(/\n */g, ' '));
