import type { TopLevelSpec } from 'vega-lite';
import type { ChartView } from '../view/chart-view.js';

export interface Chart {
  /** Kebab-case; unique among the charts. */
  readonly id: string;
  readonly title: string;
  /** What is drawn and how to read it, one or two sentences. */
  readonly caption: string;
  /** Draws null of more candidates: their marks could not be told apart. */
  readonly most?: number;
  /** Null where the run holds nothing to draw. */
  readonly draw: (view: ChartView) => Drawing | null;
}

export const isTooMany = ({ most }: Chart, { candidates }: Pick<ChartView, 'candidates'>): boolean =>
  most !== undefined && candidates.length > most;

/** In place of the drawing of too many. */
export const tooManyText = ({ most }: Chart): string =>
  `Shows at most ${most} candidates: choose fewer in the list of candidates.`;

/** One layer of a spec that has several. */
export type Layer = Extract<TopLevelSpec, { layer: readonly unknown[] }>['layer'][number];

/** One row of a table. */
export type Row = Readonly<Record<string, string | number | null>>;

export interface KeyEntry {
  readonly label: string;
  readonly color: string;
}

export interface Drawing {
  /** Complete in itself: data, colours, legend. */
  readonly spec: TopLevelSpec;
  /** Pixels around the plot that axes and labels need. */
  readonly margins: Margins;
  /** The data as a table, in the units of `results.csv` where it has them; by default, the data of the spec. */
  readonly rows?: readonly Row[];
  /** What colours mean, where they do not mean candidates. */
  readonly key?: readonly KeyEntry[];
}

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
