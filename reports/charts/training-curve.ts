/** One quantity per epoch: the frame of the training charts. Mean over seeds, with the range of the seeds around it. */

import { fixed } from '../text/numbers.js';
import { shorten } from '../text/words.js';
import type { ChartCandidate, ChartView, EpochView, SeedRange } from '../view/chart-view.js';
import type { Chart, Drawing, Layer, Margins } from './chart.js';
import { candidateColor, candidateDash, frame, LABEL_SIZE, verticalTitle } from './frame.js';
import { spread } from './place-labels.js';
import { asScale, linearScale, type PlotScale } from './scale.js';
import { SYMBOL_ENCODING, type SymbolLook, symbolLook } from './symbol.js';
import { textWidth } from './text-width.js';

interface CurveAxis {
  readonly title: string;
  readonly of: (epoch: EpochView) => SeedRange;
  readonly scale: number;
  readonly digits: number;
}

export const validationCurves: Chart = {
  id: 'validation-curves',
  title: 'Validation accuracy during training',
  caption: 'Validation top-1 after every epoch: mean over seeds, and the range of the seeds as a band.',
  draw: (view) =>
    trainingCurve(view, {
      title: 'Validation top-1 (%)',
      of: ({ validationTop1 }) => validationTop1,
      scale: 100,
      digits: 1,
    }),
};

export const lossCurves: Chart = {
  id: 'loss-curves',
  title: 'Training loss',
  caption:
    'Mean loss over the batches of every epoch: mean over seeds, and the range of the seeds as a band.',
  draw: (view) =>
    trainingCurve(view, {
      title: 'Training loss (nats)',
      of: ({ trainLoss }) => trainLoss,
      scale: 1,
      digits: 3,
    }),
};

const trainingCurve = (view: ChartView, axis: CurveAxis): Drawing | null => {
  const curves = view.candidates.map((candidate) => curveOf(candidate, axis));
  const points = curves.flat();
  if (points.length === 0) return null;
  const scale = linearScale(
    points.flatMap(({ low, high }) => [low, high]),
    0.04,
  );
  const lastEpoch = Math.max(...points.map(({ epoch }) => epoch));
  const ends = view.candidates.flatMap((candidate, index) =>
    (curves[index]?.slice(-1) ?? []).map((end) => ({ ...end, look: symbolLook(candidate) })),
  );
  const named = ends.length <= MAX_LABELS;
  const widest = Math.max(...ends.map(({ candidate }) => textWidth(shorten(candidate, LABEL_LENGTH))));
  const margins = named ? { ...MARGINS, right: LABEL_OFFSET + widest } : MARGINS;
  const color = candidateColor(view.candidates);
  const tooltip = { field: 'tip', type: 'nominal' as const };
  const y = { field: 'mean', type: 'quantitative' as const };
  const spec: Drawing['spec'] = {
    ...frame(
      margins,
      HEIGHT,
      `${axis.title} by epoch, after the last: ${ends
        .slice(0, 40)
        .map(({ tip }) => tip)
        .join('; ')}.`,
    ),
    data: { name: 'epochs', values: points },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'Epoch',
        scale: { domain: lastEpoch === 1 ? [0.5, 1.5] : [1, lastEpoch], nice: false, zero: false },
        axis: { grid: false, format: 'd', tickMinStep: 1, tickCount: 6 },
      },
      y: {
        ...y,
        scale: asScale(scale),
        axis: { tickCount: 5, ...verticalTitle(axis.title, margins.left) },
      },
    },
    layer: [
      ...(curves.length > MOST_BANDS
        ? []
        : [
            {
              mark: { type: 'area' as const, opacity: 0.14, aria: false },
              encoding: {
                y: { field: 'low', type: 'quantitative' as const },
                y2: { field: 'high' },
                color: { ...color, legend: null },
              },
            },
          ]),
      {
        mark: { type: 'line', strokeWidth: curves.length > MOST_BANDS ? 0.75 : 1.75, aria: false },
        encoding: { color, strokeDash: candidateDash(view.candidates) },
      },
      ...(points.length > MAX_POINTS
        ? []
        : [
            {
              mark: { type: 'point' as const, filled: true, size: 22, opacity: 1 },
              encoding: { color: { ...color, legend: null }, tooltip, description: tooltip },
            },
          ]),
      ...(named ? endLabels(ends, scale) : []),
    ],
  };
  return { spec, margins };
};

const MARGINS: Margins = { left: 40, right: 14, top: 28, bottom: 44 };

/** From the last point to its label; the symbol of the candidate stands between. */
const LABEL_OFFSET = 24;
const LABEL_LENGTH = 20;
const HEIGHT = 250;
const MAX_LABELS = 14;
const MAX_POINTS = 300;

/** Of more curves, bands lie over each other. */
const MOST_BANDS = 60;
const LINE_HEIGHT = LABEL_SIZE + 3;

interface Point {
  readonly candidate: string;
  readonly epoch: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly tip: string;
}

interface CurveEnd extends Point {
  readonly look: SymbolLook;
}

const curveOf = ({ label, epochs }: ChartCandidate, { of, scale, digits }: CurveAxis): Point[] =>
  epochs.map((each) => {
    const { mean, low, high } = of(each);
    return {
      candidate: label,
      epoch: each.epoch,
      mean: scale * mean,
      low: scale * low,
      high: scale * high,
      tip: `${label}, epoch ${each.epoch}: ${fixed(scale * mean, digits)} (seeds from ${fixed(scale * low, digits)} to ${fixed(scale * high, digits)})`,
    };
  });

/** Names stand right of the last points, apart from each other, in the order of the curves. */
const endLabels = (ends: readonly CurveEnd[], { domain: [low, high], at }: PlotScale): Layer[] => {
  const positions = spread(
    ends.map(({ mean }) => (1 - at(mean)) * HEIGHT),
    LINE_HEIGHT,
    [0, HEIGHT - 4],
  );
  const values = ends.map(({ candidate, look, epoch }, index) => ({
    ...look,
    candidate,
    epoch,
    text: shorten(candidate, LABEL_LENGTH),
    height: high - ((positions[index] ?? 0) / HEIGHT) * (high - low),
  }));
  const y = { field: 'height', type: 'quantitative' as const };
  return [
    {
      data: { name: 'labels', values },
      mark: { type: 'text', align: 'left', baseline: 'middle', dx: LABEL_OFFSET },
      encoding: { y, text: { field: 'text', type: 'nominal' } },
    },
    {
      data: { name: 'labels', values },
      mark: { type: 'point', size: 40, strokeWidth: 1.5, opacity: 1, xOffset: 16, aria: false },
      encoding: { y, ...SYMBOL_ENCODING },
    },
  ];
};
