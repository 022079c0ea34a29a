import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import sharp from 'sharp';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import type { Drawing } from '../../../reports/charts/chart.js';
import { CHARTS } from '../../../reports/charts/registry.js';
import { FIGURE_FORMATS, type FigureFile, type FigureFormat } from '../../../reports/figure/formats.js';
import { figureSpec } from '../../../reports/figure/spec.js';
import { THEMES } from '../../../reports/figure/theme.js';
import { INKS } from '../../../reports/palette.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { asFactorial } from '../../support/factorial.js';
import { HOSTILE, withHostileNames } from '../../support/hostile-names.js';
import { inInt8 } from '../../support/in-int8.js';
import { onDevices } from '../../support/on-devices.js';
import { profiledRun } from '../../support/profiled-run.js';
import { runFixture } from '../../support/run-fixture.js';

const viewed = (change: Parameters<typeof runFixture>[0]) => {
  const run = profiledRun(runFixture({ epochs: 3, ...change }).run);
  return viewOf({ run, analysis: analysisFixture(run) });
};

const VIEWS = [
  onDevices(viewed({ change: withHostileNames })),
  viewed({ change: asFactorial }),
  viewed({ change: inInt8 }),
];

const drawn = (id: string): Drawing => {
  const chart = CHARTS.find((one) => one.id === id);
  const drawing = VIEWS.map((view) => chart?.draw(view)).find((one) => one);
  if (!drawing) throw new Error(`no run of this test draws ${id}`);
  return drawing;
};

const WIDTH = { value: 3.25, unit: 'in' } as const;
const PAGE_INCHES = 3.25;

/** What a reader of the format finds: the width in inches, and the texts where it holds texts. */
const READERS: Readonly<
  Record<
    FigureFormat,
    (file: FigureFile) => Promise<{ readonly inches: number; readonly texts: string | null }>
  >
> = {
  svg: async ({ content }) => {
    expect(XMLValidator.validate(String(content))).toBe(true);
    const { svg } = new XMLParser({ ignoreAttributes: false }).parse(String(content));
    return { inches: Number.parseFloat(svg['@_width']), texts: String(content) };
  },
  png: async ({ content }) => {
    const { width = 0, density = 0, format } = await sharp(content as Uint8Array).metadata();
    expect(format).toBe('png');
    return { inches: width / density, texts: null };
  },
  pdf: async ({ content }) => {
    const pdf = await getDocument({ data: new Uint8Array(content as Uint8Array), verbosity: 0 }).promise;
    expect(pdf.numPages).toBe(1);
    const page = await pdf.getPage(1);
    const { items } = await page.getTextContent();
    const texts = items.map((item) => ('str' in item ? item.str : '')).join('\n');
    const [left = 0, , right = 0] = page.view;
    await pdf.destroy();
    return { inches: (right - left) / 72, texts };
  },
  'vl.json': async ({ content }) => {
    compile(JSON.parse(String(content)));
    return { inches: PAGE_INCHES, texts: String(content) };
  },
};

const FORMATS = Object.keys(FIGURE_FORMATS) as FigureFormat[];

describe.each(CHARTS.map(({ id }) => id))('the figure %s', (id) => {
  it.each(FORMATS)('opens as %s, as wide as asked for', async (format) => {
    const spec = figureSpec(drawn(id), { theme: 'print', font: 'Times' });
    const { inches, texts } = await READERS[format](await FIGURE_FORMATS[format](spec, WIDTH));
    expect(Math.abs(inches - PAGE_INCHES)).toBeLessThan(0.01);
    if (texts !== null) expect(texts.length).toBeGreaterThan(20);
  });
});

describe('text on paper', () => {
  it.each(CHARTS.map(({ id }) => id))(
    'of %s is near 6 points in a column of 3.25 inches, whatever the names',
    async (id) => {
      const spec = figureSpec(drawn(id), { theme: 'print', font: 'Times' });
      const { size } = await FIGURE_FORMATS.svg(spec, WIDTH);
      expect(size?.textPoints).toBeGreaterThan(5.3);
    },
  );

  it('stays as it is where no width is asked for', async () => {
    const spec = figureSpec(drawn('kernel-magnitudes-3'), { theme: 'print', font: null });
    const { content } = await FIGURE_FORMATS.svg(spec, null);
    expect(String(content)).toContain('font-size="10px"');
  });
});

describe('a theme', () => {
  it.each(THEMES)('%s leaves names, and no colour of the light page where it has another', (theme) => {
    const [view] = VIEWS;
    if (view === undefined) throw new Error('no view');
    const named = { ...view, candidates: view.candidates.map((one) => ({ ...one, label: INKS.text.light })) };
    for (const chart of CHARTS) {
      const drawing = chart.draw(named);
      const text = JSON.stringify(drawing && figureSpec(drawing, { theme, font: null }));
      if (theme !== 'light') expect(text).not.toMatch(new RegExp(`[cC]olor":"${INKS.muted.light}"`));
      if (text.includes('"candidate":"#')) expect(text).toContain(`"candidate":"${INKS.text.light}"`);
    }
  });
});

it('hostile names are text in a drawing', async () => {
  for (const { id } of CHARTS) {
    const svg = String(
      (await FIGURE_FORMATS.svg(figureSpec(drawn(id), { theme: 'light', font: null }), null)).content,
    );
    expect(svg).not.toMatch(/<(script|img|foreignObject|a) /);
    expect(svg).not.toContain(HOSTILE[0]);
    expect(svg).not.toContain('\u202e');
  }
});
