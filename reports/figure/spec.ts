import type { TopLevelSpec } from 'vega-lite';
import type { Drawing } from '../charts/chart.js';
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
    legend: { ...inTheme(spec.config?.legend, theme), orient: 'bottom', columns: 2 },
  },
});

const PADDING = 4;

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
