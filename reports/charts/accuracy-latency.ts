import type { Estimate } from '../../harness/analysis/analysis.js';
import { significantDigits } from '../text/numbers.js';
import type { ChartCandidate, ChartView } from '../view/chart-view.js';
import { latencyColumn } from '../view/columns.js';
import { accuracyScatter } from './accuracy-scatter.js';
import type { Chart, Drawing } from './chart.js';

export const accuracyLatency: Chart = {
  id: 'accuracy-latency',
  title: 'Accuracy against latency',
  caption: 'Test top-1 and median latency of the deploy form, with 95 % intervals on both axes.',
  draw: (view) => {
    const { of, format } = latencyColumn(view);
    return against(view, of, format, view.devices[0]?.name ?? null);
  },
};

/** The same for the other devices, where there are some: the second, third and fourth. */
const onDevice = (index: number): Chart => ({
  id: `accuracy-latency-${index + 1}`,
  title: `Accuracy against latency, device ${index + 1}`,
  caption:
    'Test top-1 and median latency of the deploy form on another device, with 95 % intervals on both axes.',
  draw: (view) => {
    const device = view.devices[index];
    if (device === undefined) return null;
    const digits = significantDigits(
      Object.values(device.latencyMs).map(({ value }) => value),
      3,
    );
    return against(
      view,
      ({ id }) => device.latencyMs[id] ?? null,
      (value) => value.toFixed(digits),
      device.name,
    );
  },
});

export const [accuracyLatency2, accuracyLatency3, accuracyLatency4] = [onDevice(1), onDevice(2), onDevice(3)];

const against = (
  view: ChartView,
  of: (candidate: ChartCandidate) => Estimate | null,
  format: (value: number) => string,
  device: string | null,
): Drawing | null =>
  accuracyScatter(view, {
    title: `Median latency, batch ${view.batch} (ms)${device === null ? '' : `, ${device}`}`,
    noun: 'median latency of the deploy form',
    of,
    format: (value) => `${format(value)} ms`,
    cost: 'latency',
    budget: null,
    column: 'latency_median_ms',
    factor: 1,
  });
