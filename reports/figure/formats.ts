/** The files that a figure may be. */
import type { View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { inchesOf, type Length, UNITS_PER_INCH } from './length.js';
import { LEAST_POINTS, withTextOf } from './readable-text.js';

export interface FigureFile {
  readonly content: string | Uint8Array;
  /** Null for what has no size of its own. */
  readonly size: FigureSize | null;
}

interface FigureSize {
  readonly widthInches: number;
  readonly heightInches: number;
  /** Points, of the smallest text. */
  readonly textPoints: number;
}

/** A figure in one format, as wide as asked for, or else as it is at 96 pixels an inch. */
type Format = (spec: TopLevelSpec, width: Length | null) => Promise<FigureFile>;

export const FIGURE_FORMATS = {
  svg: async (spec, width) => {
    const scene = await sceneOf(spec, width);
    const unit = width?.unit ?? 'px';
    const inUnit = (inches: number): string => `${rounded(inches * UNITS_PER_INCH[unit])}${unit}`;
    const { widthInches, heightInches } = scene.size;
    const svg = (await scene.view.toSVG()).replace(
      /^<svg ([^>]*?)width="[^"]*" height="[^"]*"/,
      `<svg $1width="${inUnit(widthInches)}" height="${inUnit(heightInches)}"`,
    );
    scene.view.finalize();
    return { content: `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`, size: scene.size };
  },
  png: async (spec, width) => {
    const scene = await sceneOf(spec, width);
    const { createCanvas } = await import('@napi-rs/canvas');
    const scale = (scene.size.widthInches * DOTS_PER_INCH) / scene.width;
    const canvas = createCanvas(Math.round(scale * scene.width), Math.round(scale * scene.height));
    await paint(scene, canvas.getContext('2d'), scale);
    const { default: sharp } = await import('sharp');
    const png = await sharp(await canvas.encode('png'))
      .withMetadata({ density: DOTS_PER_INCH })
      .png()
      .toBuffer();
    return { content: png, size: scene.size };
  },
  pdf: async (spec, width) => {
    const scene = await sceneOf(spec, width);
    const { PDFDocument } = await import('@napi-rs/canvas');
    const { widthInches, heightInches } = scene.size;
    const pdf = new PDFDocument({ title: spec.title === undefined ? 'Figure' : String(spec.title) });
    const page = pdf.beginPage(POINTS * widthInches, POINTS * heightInches);
    await paint(scene, page, (POINTS * widthInches) / scene.width);
    pdf.endPage();
    return { content: pdf.close(), size: scene.size };
  },
  'vl.json': async (spec) => ({ content: `${JSON.stringify(spec, null, 1)}\n`, size: null }),
} as const satisfies Record<string, Format>;

export type FigureFormat = keyof typeof FIGURE_FORMATS;

/** What a printer resolves. */
const DOTS_PER_INCH = 300;

const POINTS = UNITS_PER_INCH.pt;

interface Scene {
  readonly view: View;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly size: FigureSize;
}

/** The drawn figure, laid out. Text that would be too small on paper is raised: that widens the figure, so that it is looked at again. */
const sceneOf = async (spec: TopLevelSpec, width: Length | null): Promise<Scene> => {
  let scene = await laidOut(spec, width);
  for (
    let tries = 0;
    tries < MOST_TRIES && width !== null && scene.size.textPoints < LEAST_POINTS;
    tries += 1
  ) {
    scene.view.finalize();
    const pixels = (LEAST_POINTS * scene.width) / (scene.size.widthInches * POINTS);
    scene = await laidOut(withTextOf(spec, Math.ceil(10 * pixels) / 10), width);
  }
  return scene;
};

const MOST_TRIES = 6;

const laidOut = async (spec: TopLevelSpec, width: Length | null): Promise<Scene> => {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  const [, , pixelsWide = 0, pixelsHigh = 0] = (/viewBox="([^"]*)"/.exec(svg)?.[1] ?? '')
    .split(' ')
    .map(Number);
  const inches = width === null ? pixelsWide / UNITS_PER_INCH.px : inchesOf(width);
  const fonts = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, pixels]) => Number(pixels));
  return {
    view,
    width: pixelsWide,
    height: pixelsHigh,
    size: {
      widthInches: inches,
      heightInches: (inches * pixelsHigh) / pixelsWide,
      textPoints: (Math.min(...fonts) / pixelsWide) * inches * POINTS,
    },
  };
};

/** Vega draws on what it takes for the canvas of a browser. */
const paint = async ({ view }: Scene, context: object, scale: number): Promise<void> => {
  await view.toCanvas(scale, { externalContext: context });
  view.finalize();
};

const rounded = (value: number): number => Number(value.toFixed(3));
