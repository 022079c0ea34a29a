import { INKS } from '../palette.js';
import type { Layer } from './chart.js';

/** Around zero, what is of no practical importance, on a horizontal axis. */
export const thresholdBand = (threshold: number): Layer => ({
  data: { values: [{ low: -threshold, high: threshold }] },
  mark: { type: 'rect', color: INKS.band.light, stroke: INKS.rule.light, strokeWidth: 0.5, aria: false },
  encoding: {
    x: { field: 'low', type: 'quantitative' },
    x2: { field: 'high' },
    y: { value: 0 },
    y2: { value: 'height' },
  },
});

/** Where two are equal, on a horizontal axis. Made anew for every chart: Vega-Lite names the data that it is given. */
export const zeroRule = (): Layer => ({
  data: { values: [{ zero: 0 }] },
  mark: { type: 'rule', color: INKS.rule.light, strokeWidth: 1, aria: false },
  encoding: { x: { field: 'zero', type: 'quantitative' }, y: { value: 0 }, y2: { value: 'height' } },
});
