import { accuracyLatency } from './accuracy-latency.js';
import { accuracyMacs } from './accuracy-macs.js';
import { accuracyParams } from './accuracy-params.js';
import type { Chart } from './chart.js';
import { costShareMacs } from './cost-share-macs.js';
import { costShareParams } from './cost-share-params.js';
import { latencyDistribution } from './latency-distribution.js';
import { latencyRounds } from './latency-rounds.js';
import { lossCurves } from './loss-curves.js';
import { validationCurves } from './validation-curves.js';
import { verdictMatrix } from './verdict-matrix.js';

/** Every chart, in the order of the page. */
export const CHARTS: readonly Chart[] = [
  accuracyParams,
  accuracyLatency,
  accuracyMacs,
  verdictMatrix,
  latencyDistribution,
  latencyRounds,
  validationCurves,
  lossCurves,
  costShareParams,
  costShareMacs,
];
