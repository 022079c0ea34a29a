/** Mean magnitudes of depthwise kernels, as in Fig. 5 of the paper: the frame of a chart for each size. One panel a candidate. */

import { HEAT, ON_PALE } from '../palette.js';
import { fixed } from '../text/numbers.js';
import type { ChartCandidate, ChartView, Matrix } from '../view/chart-view.js';
import type { Chart, Drawing, Layer } from './chart.js';
import { frame } from './frame.js';
import { heatMap, PANEL_MARGINS, type Panel, PIXEL, panels, TITLE_HEIGHT } from './panels.js';
import { SYMBOL_ENCODING, symbolLook } from './symbol.js';
import { fitted } from './text-width.js';

export const kernelMagnitudes3: Chart = {
  id: 'kernel-magnitudes-3',
  title: 'Depthwise kernels of 3 × 3',
  caption:
    'Share of the kernel magnitude in each tap (%), averaged over all such kernels of the deploy form, stem included, and over seeds; of at most 24 candidates.',
  draw: (view) => kernelMagnitudeChart(view, 3),
};

export const kernelMagnitudes5: Chart = {
  id: 'kernel-magnitudes-5',
  title: 'Depthwise kernels of 5 × 5',
  caption:
    'Share of the kernel magnitude in each tap (%), averaged over all such kernels of the deploy form, stem included, and over seeds; of at most 24 candidates.',
  draw: (view) => kernelMagnitudeChart(view, 5),
};

export const kernelMagnitudes7: Chart = {
  id: 'kernel-magnitudes-7',
  title: 'Depthwise kernels of 7 × 7',
  caption:
    'Share of the kernel magnitude in each tap (%), averaged over all such kernels of the deploy form, stem included, and over seeds; of at most 24 candidates.',
  draw: (view) => kernelMagnitudeChart(view, 7),
};

const kernelMagnitudeChart = (view: ChartView, kernel: number): Drawing | null => {
  const all = view.candidates.flatMap((candidate) => {
    const found = candidate.kernels.find((one) => one.kernel === kernel);
    return found === undefined ? [] : [{ candidate, matrix: found.matrix }];
  });
  if (all.length === 0) return null;
  const measured = all.slice(0, MOST_PANELS);
  const columns = columnsFor(measured.length, kernel);
  const { places, height } = panels(measured.length, columns);
  const shown = measured.flatMap((each, index) => {
    const panel = places[index];
    return panel === undefined ? [] : [{ ...each, panel }];
  });
  const cells = shown.flatMap(({ candidate, matrix, panel }) => cellsOf(candidate, matrix, panel));
  const largest = Math.max(...cells.map(({ share }) => share));
  const spec: Drawing['spec'] = {
    ...frame(PANEL_MARGINS, height, descriptionOf(kernel, measured)),
    data: { name: 'cells', values: cells },
    encoding: PIXEL,
    layer: [
      heatMap('share', largest),
      ...(cells.every(({ x, x2 }) => x2 - x >= ROOM_FOR_VALUE) ? [VALUES] : []),
      ...names(shown),
    ],
  };
  const key = [
    { label: '0 %', color: HEAT[0] },
    { label: `${fixed(largest, 1)} %`, color: HEAT[1] },
  ];
  return { spec, margins: PANEL_MARGINS, key };
};

const MANY = 12;
const MOST_PANELS = 24;

const columnsFor = (count: number, kernel: number): number => {
  if (count > MANY) return 4;
  return kernel === 3 ? 3 : 2;
};

/** Pixels that a share in percent needs. */
const ROOM_FOR_VALUE = 24;

const VALUES: Layer = {
  mark: { type: 'text', baseline: 'middle', fontSize: 10, color: ON_PALE },
  encoding: {
    x: { field: 'middleX', type: 'quantitative', scale: null },
    y: { field: 'middleY', type: 'quantitative', scale: null },
    text: { field: 'share', type: 'quantitative', format: '.1f' },
  },
};

const cellsOf = ({ label }: ChartCandidate, matrix: Matrix, { x: left, y: top, size }: Panel) => {
  const cell = size / matrix.length;
  return matrix.flatMap((row, r) =>
    row.map((share, c) => {
      const [x, y] = [left + c * cell, top + TITLE_HEIGHT + r * cell];
      return {
        x,
        y,
        x2: x + cell - 1,
        y2: y + cell - 1,
        middleX: x + cell / 2,
        middleY: y + cell / 2,
        share: 100 * share,
        tip: `${label}, row ${r + 1}, column ${c + 1}: ${fixed(100 * share, 1)} %`,
      };
    }),
  );
};

const names = (shown: readonly { readonly candidate: ChartCandidate; readonly panel: Panel }[]): Layer[] => {
  const data = {
    name: 'names',
    values: shown.map(({ candidate, panel: { x, y, size } }) => ({
      ...symbolLook(candidate),
      candidate: candidate.label,
      x: x + 6,
      y: y + TITLE_HEIGHT / 2 - 2,
      text: fitted(candidate.label, size - SYMBOL_ROOM),
    })),
  };
  return [
    {
      data,
      mark: { type: 'point', size: 45, strokeWidth: 1.5, opacity: 1, aria: false },
      encoding: SYMBOL_ENCODING,
    },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'middle', dx: SYMBOL_ROOM - 6 },
      encoding: { text: { field: 'text', type: 'nominal' } },
    },
  ];
};

const SYMBOL_ROOM = 16;

const descriptionOf = (
  kernel: number,
  measured: readonly { readonly candidate: ChartCandidate; readonly matrix: Matrix }[],
): string => {
  const middle = (kernel - 1) / 2;
  const centres = measured.map(
    ({ candidate, matrix }) =>
      `${candidate.label} ${fixed(100 * (matrix[middle]?.[middle] ?? Number.NaN), 1)} %`,
  );
  return `Mean share of the magnitude of ${kernel} by ${kernel} kernels in each tap; in the centre: ${centres.join('; ')}.`;
};
