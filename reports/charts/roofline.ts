/** Achieved speed against arithmetic intensity, under what the machine can give. */

import { INKS } from '../palette.js';
import { grouped } from '../text/numbers.js';
import type { ChartCandidate } from '../view/chart-view.js';
import { type RooflineView, rateOf, ridgeOf, sumOf } from '../view/roofline.js';
import type { Chart, Drawing, Margins } from './chart.js';
import { candidateColor, candidateShape, frame, verticalTitle } from './frame.js';

export const roofline: Chart = {
  id: 'roofline',
  title: 'Speed under the roofline of this machine',
  caption:
    'Multiply-accumulates a second against multiply-accumulates for a byte moved. The line is what the machine gives: memory bandwidth at the left, arithmetic at the right. Symbols are whole candidates, letters their kinds of layers: P pointwise, D depthwise, C other convolutions, L linear.',
  draw: ({ roofline: profiled, candidates }) =>
    profiled === null ? null : rooflineDrawing(profiled, candidates),
};

const MARGINS: Margins = { left: 52, right: 14, top: 30, bottom: 44 };

const HEIGHT = 260;

const LETTERS: Readonly<Record<string, string>> = {
  pointwise: 'P',
  depthwise: 'D',
  convolution: 'C',
  linear: 'L',
};

/** Null where none of the candidates was profiled. */
export const rooflineDrawing = (
  profiled: RooflineView,
  candidates: readonly Pick<ChartCandidate, 'id' | 'name' | 'label' | 'look'>[],
): Drawing | null => {
  const points = candidates.flatMap((candidate) => pointsOf(profiled, candidate));
  if (points.length === 0) return null;
  const ridge = ridgeOf(profiled);
  const peak = profiled.peakMacsPerSecond / GIGA;
  const x = around([ridge, ...points.map(({ intensity }) => intensity)]);
  const y = around([peak, ...points.map(({ speed }) => speed)]);
  const slope = profiled.bytesPerSecond / GIGA;
  const tooltip = { field: 'tip', type: 'nominal' as const };
  const color = candidateColor(candidates);
  const spec: Drawing['spec'] = {
    ...frame(
      MARGINS,
      HEIGHT,
      `Speed against arithmetic intensity, under a peak of ${rounded(peak)} GMACs/s and ${rounded(slope)} GB/s: ${points
        .filter(({ letter }) => letter === '')
        .slice(0, 40)
        .map(({ tip }) => tip)
        .join('; ')}.`,
    ),
    data: { name: 'points', values: points },
    encoding: {
      x: {
        field: 'intensity',
        type: 'quantitative',
        title: 'MACs a byte',
        scale: { type: 'log', domain: x, nice: false },
        axis: { tickCount: 4, grid: false, domain: true, domainColor: INKS.rule.light, format: '~g' },
      },
      y: {
        field: 'speed',
        type: 'quantitative',
        scale: { type: 'log', domain: y, nice: false },
        axis: { tickCount: 4, grid: false, format: '~g', ...verticalTitle('Achieved GMACs/s', MARGINS.left) },
      },
    },
    layer: [
      {
        data: {
          name: 'roof',
          values: [
            { intensity: Math.max(x[0], y[0] / slope), speed: Math.max(y[0], x[0] * slope) },
            { intensity: ridge, speed: peak },
            { intensity: x[1], speed: peak },
          ],
        },
        mark: { type: 'line', strokeWidth: 1.5, color: INKS.rule.light, aria: false },
        encoding: {},
      },
      {
        transform: [{ filter: 'datum.letter === ""' }],
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: { color, shape: candidateShape(candidates), tooltip, description: tooltip },
      },
      {
        transform: [{ filter: 'datum.letter !== ""' }],
        mark: { type: 'text', fontWeight: 600, baseline: 'middle', align: 'center' },
        encoding: { text: { field: 'letter', type: 'nominal' }, color, tooltip },
      },
    ],
  };
  return { spec, margins: MARGINS, rows: points.map(rowOf) };
};

const GIGA = 1e9;

interface Point {
  readonly candidate: string;
  readonly name: string;
  /** Empty for the whole candidate. */
  readonly letter: string;
  readonly kind: string;
  readonly tip: string;
  readonly intensity: number;
  /** GMACs/s. */
  readonly speed: number;
  readonly ms: number;
}

/** The whole candidate over its own latency, and each kind over the time of its kernels. */
const pointsOf = (
  { networks }: RooflineView,
  { id, name, label }: Pick<ChartCandidate, 'id' | 'name' | 'label'>,
): readonly Point[] => {
  const network = networks.find((one) => one.id === id);
  if (network === undefined) return [];
  const whole = { ...sumOf(network.kinds), ms: network.medianMs, kind: 'all', letter: '' };
  const kinds = network.kinds.map((kind) => ({ ...kind, letter: LETTERS[kind.kind] ?? '' }));
  return [whole, ...kinds].flatMap(({ kind, letter, macs, bytes, ms }): Point[] => {
    const rate = rateOf({ macs, ms });
    if (rate === null || bytes === 0) return [];
    const [intensity, speed] = [macs / bytes, rate / GIGA];
    const tip = `${name}, ${kind === 'all' ? 'whole' : kind}: ${rounded(speed)} GMACs/s, ${rounded(intensity)} MACs a byte, ${rounded(ms)} ms`;
    return [{ candidate: label, name, letter, kind, tip, intensity, speed, ms }];
  });
};

const rowOf = ({ name, candidate, kind, intensity, speed, ms }: Point) => ({
  candidate: name,
  label: candidate,
  kind,
  macs_per_byte: intensity,
  macs_per_second: GIGA * speed,
  ms,
});

const ROOM = 1.6;

const around = (values: readonly number[]): [number, number] => [
  Math.min(...values) / ROOM,
  Math.max(...values) * ROOM,
];

/** Three digits. */
const rounded = (value: number): string => grouped(Number(value.toPrecision(3)));
