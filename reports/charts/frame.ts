/** What all charts share: one width, calm axes, and the look of the candidates. */
import type { Config } from 'vega-lite';
import { INKS } from '../palette.js';
import type { ChartCandidate } from '../view/chart-view.js';
import type { Margins } from './chart.js';

/** Pixels from edge to edge: three charts side by side on a screen, one on a phone. */
export const CHART_WIDTH = 400;

export const LABEL_SIZE = 11;

export interface Frame {
  /** What a screen reader says of the chart. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly padding: number;
  readonly config: Config;
}

export const frame = (margins: Margins, height: number, description: string): Frame => ({
  description,
  width: plotWidth(margins),
  height,
  padding: 8,
  config: CONFIG,
});

/** Marks that a screen reader is told of at most. */
const MOST_DESCRIBED = 40;

/** A chart's title, and what its marks say under the pointer. */
export const described = (title: string, marks: readonly { readonly tip: string }[]): string =>
  `${title}: ${marks
    .slice(0, MOST_DESCRIBED)
    .map(({ tip }) => tip)
    .join('; ')}.`;

export const plotWidth = ({ left, right }: Margins): number => CHART_WIDTH - left - right;

/** Room left of a chart for candidate labels, their symbols included. */
export const LABEL_MARGIN = 196;

/** Of it, what the label may take beside its symbol. */
export const LABEL_ROOM = LABEL_MARGIN - 24;

/** The title of a vertical axis stands above it, horizontally. */
export const verticalTitle = (title: string, left: number) => ({
  title,
  titleAngle: 0,
  titleAlign: 'left' as const,
  titleAnchor: 'end' as const,
  titleBaseline: 'bottom' as const,
  titleX: -left + 2,
  titleY: -10,
});

/** What a mark of a candidate needs to know. */
type Shown = Pick<ChartCandidate, 'label' | 'look'>;

/** Colour of a candidate by its label, with a legend of its own. */
export const candidateColor = (candidates: readonly Shown[]) => ({
  field: 'candidate',
  type: 'nominal' as const,
  title: null,
  scale: scaleOf(candidates, ({ look }) => look.color),
});

export const candidateShape = (candidates: readonly Shown[]) => ({
  field: 'candidate',
  type: 'nominal' as const,
  title: null,
  scale: scaleOf(candidates, ({ look }) => look.shape),
});

export const candidateDash = (candidates: readonly Shown[]) => ({
  field: 'candidate',
  type: 'nominal' as const,
  title: null,
  scale: scaleOf(candidates, ({ look }) => [...look.dash]),
});

const scaleOf = <T>(candidates: readonly Shown[], value: (candidate: Shown) => T) => ({
  domain: candidates.map(({ label }) => label),
  range: candidates.map(value),
});

const FONT = 'system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif';

const CONFIG: Config = {
  font: FONT,
  background: 'white',
  view: { stroke: null },
  axis: {
    labelFontSize: LABEL_SIZE,
    titleFontSize: LABEL_SIZE,
    titleFontWeight: 600,
    labelColor: INKS.muted.light,
    titleColor: INKS.text.light,
    gridColor: INKS.grid.light,
    domain: false,
    ticks: false,
    labelPadding: 6,
    titlePadding: 8,
    labelFlush: false,
  },
  legend: { labelFontSize: LABEL_SIZE, labelColor: INKS.text.light, labelLimit: 0, symbolStrokeWidth: 2 },
  text: { fontSize: LABEL_SIZE, color: INKS.text.light },
};
