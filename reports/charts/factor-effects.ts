/** What factors do in a factorial suite: the frame of two charts, one per measured metric. */
import type { FactorEffect, MeasuredMetric } from '../../harness/analysis/analysis.js';
import { digitsOf, signed } from '../numbers.js';
import { INKS } from '../palette.js';
import { plainText, shorten } from '../text.js';
import type { ReportView } from '../view.js';
import { rowHeight } from './candidate-rows.js';
import type { Drawing, Layer, Margins } from './chart.js';
import { frame } from './frame.js';
import { asScale, linearScale } from './scale.js';
import { LINE_COLORS, verdictColor, verdictKey } from './verdict-look.js';

export const factorEffectChart = (
  view: ReportView,
  metric: MeasuredMetric,
  title: string,
): Drawing | null => {
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

const LABEL_LENGTH = 29;

const KEY = verdictKey(LINE_COLORS, { better: 'better', worse: 'worse', tie: 'tie', undecided: 'undecided' });

const rowOf = ({ of, effect, interval, verdict }: FactorEffect) => {
  const [low, high] = [100 * interval[0], 100 * interval[1]];
  const levels = of.map(({ factor, level }) => `${plainText(factor)} ${plainText(level)}`);
  const digits = digitsOf([low, high]);
  return {
    of: shorten(levels.join(' × '), LABEL_LENGTH),
    effect: 100 * effect,
    low,
    high,
    state: verdict.state,
    tip: `${levels.join(' with ')}: ${signed(100 * effect, digits)} [${signed(low, digits)}, ${signed(high, digits)}], ${verdict.state}`,
  };
};

/** Zero, and what is of no practical importance around it. */
const thresholdBand = (threshold: number): Layer => ({
  data: { values: [{ low: -threshold, high: threshold }] },
  mark: { type: 'rect', color: INKS.band.light, stroke: INKS.rule.light, strokeWidth: 0.5, aria: false },
  encoding: {
    x: { field: 'low', type: 'quantitative' },
    x2: { field: 'high' },
    y: { value: 0 },
    y2: { value: 'height' },
  },
});
