/** What a chart can be saved as. Files are drawn anew from its spec, with its legend, on white. */
import { csvFormat } from 'd3-dsv';
import type { VisualizationSpec } from 'vega-embed';
import embed from 'vega-embed';
import type { Drawing, Row } from '../../charts/chart.js';
import { download, element } from './dom.js';
import { EMBEDDING } from './embedding.js';

export interface Exported {
  readonly name: string;
  readonly drawing: Drawing;
}

export const EXPORTS: readonly {
  readonly title: string;
  readonly save: (chart: Exported) => Promise<void>;
}[] = [
  {
    title: 'Save as SVG',
    save: async ({ name, drawing }) => {
      const svg = await drawn(drawing, (view) => view.toSVG());
      download(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' }));
    },
  },
  {
    title: 'Save as PNG',
    save: async ({ name, drawing }) => {
      const canvas = await drawn(drawing, (view) => view.toCanvas(PNG_SCALE));
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
      if (blob !== null) download(`${name}.png`, blob);
    },
  },
  {
    title: 'Save the Vega-Lite spec',
    save: async ({ name, drawing }) =>
      download(
        `${name}.vl.json`,
        new Blob([JSON.stringify(complete(drawing), null, 1)], { type: 'application/json' }),
      ),
  },
  {
    title: 'Save the data as CSV',
    save: async ({ name, drawing }) =>
      download(`${name}.csv`, new Blob([csvOf(rowsOf(drawing))], { type: 'text/csv' })),
  },
  { title: 'Open in the Vega editor', save: async ({ drawing }) => openEditor(complete(drawing)) },
];

const PNG_SCALE = 3;

/** Beyond it, a legend is a wall. */
const MOST_IN_LEGEND = 24;

const complete = ({ spec }: Drawing): VisualizationSpec => {
  const candidates = new Set(
    rowsOf({ spec }).flatMap(({ candidate }) => (typeof candidate === 'string' ? [candidate] : [])),
  );
  const { config } = spec;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...spec,
    ...(candidates.size > MOST_IN_LEGEND
      ? { config: { ...config, legend: { ...config?.legend, disable: true } } }
      : {}),
  } as VisualizationSpec;
};

type View = Awaited<ReturnType<typeof embed>>['view'];

const drawn = async <T>(drawing: Drawing, take: (view: View) => Promise<T>): Promise<T> => {
  const { view, finalize } = await embed(element('div'), complete(drawing), EMBEDDING);
  try {
    return await take(view);
  } finally {
    finalize();
  }
};

/** How a mark looks is no data. */
const LOOKS: ReadonlySet<string> = new Set([
  ...['tip', 'color', 'fill', 'shape', 'dx', 'dy', 'align', 'text', 'sign', 'x', 'y', 'x2', 'y2'],
  ...['middleX', 'middleY', 'sessionStart'],
]);

const rowsOf = ({ spec, rows }: Pick<Drawing, 'spec' | 'rows'>): readonly Row[] => {
  if (rows !== undefined) return rows;
  const { data } = spec;
  const values = data && 'values' in data && Array.isArray(data.values) ? (data.values as Row[]) : [];
  return values.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !LOOKS.has(key))));
};

/** Texts that a spreadsheet would take for a formula get an apostrophe before them, as in `results.csv`. */
const csvOf = (rows: readonly Row[]): string =>
  csvFormat(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value,
        ]),
      ),
    ),
  );

const EDITOR = 'https://vega.github.io/editor/';

/** The editor takes a spec by message once it has loaded, and says so: until then it is sent again. */
const openEditor = (spec: VisualizationSpec): void => {
  const editor = window.open(EDITOR);
  if (editor === null) return;
  const send = (): void =>
    editor.postMessage(
      { mode: 'vega-lite', spec: JSON.stringify(spec, null, 1), renderer: 'svg' },
      new URL(EDITOR).origin,
    );
  const timer = setInterval(send, 250);
  const stop = (): void => clearInterval(timer);
  window.addEventListener('message', ({ source }) => {
    if (source === editor) stop();
  });
  setTimeout(stop, 10_000);
};
