/** What factors do in a factorial suite: the frame of two charts, one per measured metric. */
import type { FactorEffect } from '../../harness/analysis/analysis.js';
import type { MeasuredMetric } from '../../harness/analysis/metrics.js';
import { INKS } from '../palette.js';
import { digitsOf, signed } from '../text/numbers.js';
import type { ChartView } from '../view/chart-view.js';
import { rowHeight } from './candidate-rows.js';
import type { Chart, Drawing, Margins } from './chart.js';
import { frame } from './frame.js';
import { asScale, linearScale } from './scale.js';
import { fitted } from './text-width.js';
import { thresholdBand } from './threshold-band.js';
import { LINE_COLORS, verdictColor, verdictKey } from './verdict-look.js';

export const factorEffectsTop1: Chart = {
  id: 'factor-effects-top1',
  title: 'Effects of the factors on accuracy',
  caption:
    'Change in top-1 from the reference level, averaged over all levels of the other factors; with ×, the interaction of two factors beyond the sum of their effects. Bars are 95 % intervals; differences within the band are negligible.',
  draw: (view) => factorEffectChart(view, 'top1', 'Change in top-1 (points)'),
};

export const factorEffectsLatency: Chart = {
  id: 'factor-effects-latency',
  title: 'Effects of the factors on latency',
  caption: 'Change in latency from the reference level, likewise; further right is slower.',
  draw: (view) => factorEffectChart(view, 'latency', 'Change in latency (%)'),
};

const factorEffectChart = (view: ChartView, metric: MeasuredMetric, title: string): Drawing | null => {
  const effects = view.groups.flatMap(({ comparable }) =>
    comparable.effects.filter((effect) => effect.metric === metric),
  );
  if (effects.length === 0) return null;
  const rows = effects.map(rowOf);
  const step = rowHeight(rows.length);
  const threshold = 100 * Math.max(...effects.map((effect) => effect.threshold));
  const scale = linearScale([0, -threshold, threshold, ...rows.flatMap(({ low, high }) => [low, high])]);
  const tooltip = { field: 'tip', type: 'nominal' as const };
  const spec: Drawing['spec'] = {
    ...frame(MARGINS, step * rows.length, `${title}: ${rows.map(({ tip }) => tip).join('; ')}.`),
    data: { name: 'effects', values: rows },
    encoding: {
      x: {
        field: 'effect',
        type: 'quantitative',
        title,
        scale: asScale(scale),
        axis: { tickCount: 4 },
      },
      y: {
        field: 'of',
        type: 'nominal',
        sort: rows.map(({ of }) => of),
        axis: {
          title: null,
          domain: false,
          grid: false,
          labelLimit: 0,
          minExtent: MARGINS.left - 4,
          maxExtent: MARGINS.left - 4,
        },
      },
    },
    layer: [
      thresholdBand(threshold),
      {
        mark: { type: 'rule', strokeWidth: 3, aria: false },
        encoding: {
          x: { field: 'low', type: 'quantitative' },
          x2: { field: 'high' },
          color: verdictColor(LINE_COLORS),
        },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1, color: INKS.text.light },
        encoding: { tooltip, description: tooltip },
      },
    ],
  };
  return { spec, margins: MARGINS, key: KEY };
};

const MARGINS: Margins = { left: 196, right: 14, top: 4, bottom: 44 };

const KEY = verdictKey(LINE_COLORS, { better: 'better', worse: 'worse', tie: 'tie', undecided: 'undecided' });

const rowOf = ({ of, effect, interval, verdict }: FactorEffect) => {
  const [low, high] = [100 * interval[0], 100 * interval[1]];
  const levels = of.map(({ factor, level }) => `${factor} ${level}`);
  const digits = digitsOf([low, high]);
  return {
    of: fitted(levels.join(' × '), MARGINS.left - 12),
    effect: 100 * effect,
    low,
    high,
    state: verdict.state,
    tip: `${levels.join(' with ')}: ${signed(100 * effect, digits)} [${signed(low, digits)}, ${signed(high, digits)}], ${verdict.state}`,
  };
};
