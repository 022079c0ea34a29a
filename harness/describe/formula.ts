/** The cost of a part as a formula in its channels C and the pixels P of its map, read off its graphs. */
import { buildAlone } from '../../blocks/build.js';
import type { AnyDefinition, CostFormula } from '../../blocks/part.js';
import { cost } from '../cost/cost.js';
import type { Graph } from '../graph/graph.js';
import { deployForm } from '../rewrite/deploy.js';
import { UserError } from '../user/user-error.js';

/**
 * Of both forms: that of the record where it has one, else a polynomial of second degree through the counts at three numbers of channels,
 * given only where it also gives the counts at all others that are tried; else says that it is none. Channel operators go from C to
 * 4C, other parts from C to C.
 */
export const costFormulas = (
  definition: AnyDefinition,
): Readonly<Record<'train' | 'deploy', CostFormula>> => ({
  train: definition.formula?.train ?? formulaOf(definition, (graph) => graph),
  deploy: definition.formula?.deploy ?? formulaOf(definition, (graph) => deployForm(graph).graph),
});

/** Enough for every window of channels to be a whole one. */
const CHANNELS = [64, 96, 128, 160, 192, 320];

/** Sides of the square maps. */
const [SMALL, LARGE] = [16, 32];

const NONE = 'no polynomial in C';

const formulaOf = (definition: AnyDefinition, form: (graph: Graph) => Graph): CostFormula => {
  const samples = CHANNELS.flatMap((channels) => sample(definition, channels, form));
  const params = polynomial(samples.map(({ channels, params }) => [channels, params]));
  const perPixel = polynomial(samples.map(({ channels, perPixel }) => [channels, perPixel]));
  const perImage = polynomial(samples.map(({ channels, perImage }) => [channels, perImage]));
  const macs = perPixel && perImage && [times(perPixel, 'P'), print(perImage)].filter((text) => text !== '0');
  return { params: params ? print(params) : NONE, macs: macs ? macs.join(' + ') || '0' : NONE };
};

interface Sample {
  readonly channels: number;
  readonly params: number;
  /** MACs that grow with the map, for each pixel, and the others. */
  readonly perPixel: number;
  readonly perImage: number;
}

const sample = (
  definition: AnyDefinition,
  channels: number,
  form: (graph: Graph) => Graph,
): readonly Sample[] => {
  const outChannels = definition.kind === 'channel' ? 4 * channels : channels;
  const at = (side: number) => cost(form(buildAlone(definition, [channels, side, side], { outChannels })));
  try {
    const [small, large] = [at(SMALL), at(LARGE)];
    const perPixel = (large.macs - small.macs) / (LARGE ** 2 - SMALL ** 2);
    return [{ channels, params: large.params, perPixel, perImage: large.macs - perPixel * LARGE ** 2 }];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
};

type Polynomial = readonly [square: number, linear: number, constant: number];

type Point = readonly [x: number, y: number];

/** Through the first three points, by divided differences; undefined where another point does not lie on it, or there is none. */
const polynomial = ([a, b, c, ...others]: readonly Point[]): Polynomial | undefined => {
  if (!a || !b || !c || others.length === 0) return undefined;
  const slope = ([x0, y0]: Point, [x1, y1]: Point) => (y1 - y0) / (x1 - x0);
  const square = (slope(b, c) - slope(a, b)) / (c[0] - a[0]);
  const linear = slope(a, b) - square * (a[0] + b[0]);
  const constant = a[1] - linear * a[0] - square * a[0] ** 2;
  const exact: Polynomial = [rounded(square), rounded(linear), rounded(constant)];
  const holds = ([x, y]: Point) => exact[0] * x ** 2 + exact[1] * x + exact[2] === y;
  return others.every(holds) ? exact : undefined;
};

/** To the eighths and so on that shares of channels are; a double holds them exactly. */
const rounded = (coefficient: number): number => Math.round(coefficient * 2 ** 16) / 2 ** 16;

const print = (coefficients: Polynomial): string =>
  ['C²', 'C', '']
    .flatMap((unknown, i) => term(coefficients[i] ?? 0, unknown))
    .join(' + ')
    .replaceAll('+ -', '- ') || '0';

const term = (coefficient: number, unknown: string): readonly string[] => {
  if (coefficient === 0) return [];
  return [unknown === '' || coefficient !== 1 ? `${coefficient} ${unknown}`.trim() : unknown];
};

const times = (coefficients: Polynomial, unit: string): string => {
  const factor = print(coefficients);
  if (factor === '0') return factor;
  return factor.includes(' + ') || factor.includes(' - ') ? `(${factor}) ${unit}` : `${factor} ${unit}`;
};
