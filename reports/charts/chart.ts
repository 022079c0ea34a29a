import type { TopLevelSpec } from 'vega-lite';
import type { ReportView } from '../view.js';

export interface Chart {
  /** Kebab-case; unique among the charts. */
  readonly id: string;
  readonly title: string;
  /** What is drawn and how to read it, one or two sentences. */
  readonly caption: string;
  /** Null where the run holds nothing to draw. */
  readonly draw: (view: ReportView) => Drawing | null;
}

/** One layer of a spec that has several. */
export type Layer = Extract<TopLevelSpec, { layer: readonly unknown[] }>['layer'][number];

export interface KeyEntry {
  readonly label: string;
  readonly color: string;
}

export interface Drawing {
  /** Complete in itself: data, colours, legend. */
  readonly spec: TopLevelSpec;
  /** Pixels around the plot that axes and labels need. */
  readonly margins: Margins;
  /** What colours mean, where they do not mean candidates. */
  readonly key?: readonly KeyEntry[];
}

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
