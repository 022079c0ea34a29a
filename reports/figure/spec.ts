import type { TopLevelSpec } from 'vega-lite';
import type { Drawing } from '../charts/chart.js';
import { CHART_WIDTH, LABEL_SIZE } from '../charts/frame.js';
import { fontStack } from './fonts.js';
import { backgroundOf, inTheme, type Theme } from './theme.js';

export interface FigureStyle {
  readonly theme: Theme;
  /** A name, or several as CSS lists them; null for that of the page. */
  readonly font: string | null;
}

/** The chart as a figure that stands alone: its legend is drawn within it, and its size is that of its content. */
export const figureSpec = ({ spec }: Drawing, { theme, font }: FigureStyle): TopLevelSpec => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  ...withoutGradients(inTheme(spec, theme)),
  autosize: { type: 'pad' },
  padding: PADDING,
  background: backgroundOf(theme),
  config: {
    ...inTheme(spec.config, theme),
    ...(font === null ? {} : { font: fontStack(font) }),
    legend: { ...inTheme(spec.config?.legend, theme), orient: 'bottom', columns: legendColumns(spec) },
  },
});

const PADDING = 4;

/** Two, or one where names are too long for that: a legend that is wider than its chart makes all else small on paper. */
const legendColumns = (spec: TopLevelSpec): number => {
  const widest = VEGA_WIDTH * LABEL_SIZE * Math.max(0, ...candidatesIn(spec).map(({ length }) => length));
  return 2 * (widest + BESIDE_NAME) > CHART_WIDTH ? 1 : 2;
};

/** Of a character, as a share of the size: what Vega takes where it cannot measure text. */
const VEGA_WIDTH = 0.8;

/** Of an entry in a legend: its symbol, and the gap to the next one. */
const BESIDE_NAME = 32;

const candidatesIn = (spec: TopLevelSpec): readonly string[] =>
  [...JSON.stringify(spec).matchAll(/"candidate":("(?:[^"\\]|\\.)*")/g)].map(([, name = '""']) =>
    JSON.parse(name),
  );

/** Shades of a quantity are written in the cells or explained by the caption: they get no legend. */
const withoutGradients = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutGradients) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === 'color' && isQuantity(each) ? { ...each, legend: null } : withoutGradients(each),
    ]),
  ) as T;
};

const isQuantity = (value: unknown): value is { readonly type: 'quantitative' } =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'quantitative';
