import { accuracyLatency, accuracyLatency2, accuracyLatency3, accuracyLatency4 } from './accuracy-latency.js';
import { accuracyMacs } from './accuracy-macs.js';
import { accuracyParams } from './accuracy-params.js';
import { accuracyPeakMemory } from './accuracy-peak-memory.js';
import type { Chart } from './chart.js';
import { connectionPatterns1, connectionPatterns2 } from './connection-patterns.js';
import { costShareMacs, costShareParams } from './cost-share.js';
import { differencesLatency, differencesTop1 } from './differences.js';
import { factorEffectsLatency, factorEffectsTop1 } from './factor-effects.js';
import { int8Drop, int8Top1 } from './int8.js';
import { kernelMagnitudes3, kernelMagnitudes5, kernelMagnitudes7 } from './kernel-magnitudes.js';
import { latencyDistribution } from './latency-distribution.js';
import { latencyRounds } from './latency-rounds.js';
import { roofline } from './roofline.js';
import { lossCurves, validationCurves } from './training-curve.js';
import { verdictMatrix } from './verdict-matrix.js';

/** Every chart, by the part of the page that it stands in. */
export const CHART_SECTIONS = {
  accuracy: [
    differencesTop1,
    accuracyParams,
    accuracyLatency,
    accuracyMacs,
    accuracyPeakMemory,
    accuracyLatency2,
    accuracyLatency3,
    accuracyLatency4,
  ],
  verdicts: [verdictMatrix],
  int8: [int8Top1, int8Drop],
  factors: [factorEffectsTop1, factorEffectsLatency],
  latency: [differencesLatency, latencyDistribution, latencyRounds],
  roofline: [roofline],
  training: [validationCurves, lossCurves],
  kernels: [kernelMagnitudes3, kernelMagnitudes5, kernelMagnitudes7],
  ranges: [connectionPatterns1, connectionPatterns2],
  costs: [costShareParams, costShareMacs],
} as const satisfies Record<string, readonly Chart[]>;

export const CHARTS: readonly Chart[] = Object.values(CHART_SECTIONS).flat();
