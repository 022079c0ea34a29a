import { accuracyLatency } from './accuracy-latency.js';
import { accuracyMacs } from './accuracy-macs.js';
import { accuracyParams } from './accuracy-params.js';
import type { Chart } from './chart.js';
import { connectionPatterns1 } from './connection-patterns-1.js';
import { connectionPatterns2 } from './connection-patterns-2.js';
import { costShareMacs } from './cost-share-macs.js';
import { costShareParams } from './cost-share-params.js';
import { factorEffectsLatency } from './factor-effects-latency.js';
import { factorEffectsTop1 } from './factor-effects-top1.js';
import { kernelMagnitudes3 } from './kernel-magnitudes-3.js';
import { kernelMagnitudes5 } from './kernel-magnitudes-5.js';
import { kernelMagnitudes7 } from './kernel-magnitudes-7.js';
import { latencyDistribution } from './latency-distribution.js';
import { latencyRounds } from './latency-rounds.js';
import { lossCurves } from './loss-curves.js';
import { validationCurves } from './validation-curves.js';
import { verdictMatrix } from './verdict-matrix.js';

/** Every chart, by the part of the page that it stands in. */
export const CHART_SECTIONS = {
  accuracy: [accuracyParams, accuracyLatency, accuracyMacs],
  verdicts: [verdictMatrix],
  factors: [factorEffectsTop1, factorEffectsLatency],
  latency: [latencyDistribution, latencyRounds],
  training: [validationCurves, lossCurves],
  kernels: [kernelMagnitudes3, kernelMagnitudes5, kernelMagnitudes7],
  ranges: [connectionPatterns1, connectionPatterns2],
  costs: [costShareParams, costShareMacs],
} as const satisfies Record<string, readonly Chart[]>;

export const CHARTS: readonly Chart[] = Object.values(CHART_SECTIONS).flat();
