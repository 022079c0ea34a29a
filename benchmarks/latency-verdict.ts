/** The verdict that a suite's latency measurement of two networks comes to, with its default sessions and rounds. */
import { difference, judge, showEffect } from '../harness/analysis/evidence/evidence.js';
import { latencyEvidence, noiseFloorOf } from '../harness/analysis/evidence/latency.js';
import type { Engine } from '../harness/engines/engine.js';
import type { Contender } from '../harness/measure/latency/latency-measurement.js';
import { measureLatency } from '../harness/measure/latency/measure-latency.js';
import { isDecidedEarly } from '../harness/measure/latency/stopping.js';
import { watchMachine } from '../harness/measure/machine/disturbance.js';
import { suiteSchema } from '../harness/run/plan/suite/suite-schema.js';
import { earlyLooks, lookLevels } from '../harness/stats/looks.js';
import { median } from '../harness/stats/sample.js';
import type { LatencyResult } from '../results/measurement/latency-record.js';
import { DEFAULT_THRESHOLDS } from '../results/plan/thresholds.js';
import type { LatencyState } from '../results/run/run.js';

export interface LatencySettings {
  readonly sessions: number;
  readonly rounds: number;
  readonly threads: number;
}

/** Of a suite that does not say. */
export const DEFAULT_LATENCY: LatencySettings = suiteSchema.shape.latency.parse(undefined);

export interface Comparison {
  readonly verdict: 'better' | 'worse' | 'tie' | 'undecided';
  /** The second's latency over the first's, less 1, with its 95 % interval. */
  readonly effect: number;
  readonly interval: readonly [number, number];
  /** The largest difference that the network, measured twice, was found to have to itself. */
  readonly noiseFloor: number;
  readonly firstMs: number;
  readonly sessions: number;
  readonly seconds: number;
  readonly othersShare: number;
}

/** Throws an Error where one of the two does not run. */
export const compareLatency = async (
  [first, second]: readonly [Contender, Contender],
  engine: Pick<Engine, 'createPredictor'>,
  seed: number,
  settings: LatencySettings,
): Promise<Comparison> => {
  const start = performance.now();
  const conditionsUntilNow = await watchMachine();
  const { outcomes, control } = await measureLatency({
    ...settings,
    engine,
    contenders: [first, second],
    batch: 1,
    seed,
    isEnough: isDecidedEarly(DEFAULT_THRESHOLDS.latency, settings.sessions),
  });
  const { othersShare } = await conditionsUntilNow();
  const states = new Map<string, LatencyState>(
    outcomes.map(({ candidate, outcome }) => [candidate, outcome]),
  );
  const results = new Map<string, LatencyResult>(
    outcomes.flatMap(({ candidate, outcome }) =>
      outcome.state === 'done' ? [[candidate, outcome.result]] : [],
    ),
  );
  const noiseFloor = noiseFloorOf({ latency: states, latencyControl: control });
  const { last } = lookLevels(earlyLooks(settings.sessions));
  const evidence = latencyEvidence(results, DEFAULT_THRESHOLDS.latency, noiseFloor, last);
  const inference = evidence.contrast(difference(second.name, first.name));
  const [judgement] = inference === null ? [] : judge(evidence, [inference]);
  const measured = results.get(first.name);
  if (!judgement || !measured) throw new Error('One of the two does not run.');
  const { effect, interval, verdict } = showEffect(evidence, judgement);
  return {
    verdict: verdict.state,
    effect,
    interval,
    noiseFloor: noiseFloor ?? Number.NaN,
    firstMs: measured.medianMs,
    sessions: measured.sessions,
    seconds: (performance.now() - start) / 1000,
    othersShare: othersShare ?? Number.NaN,
  };
};

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

export const comparisonLine = (comparison: Comparison): string =>
  [
    comparison.verdict,
    percent(comparison.effect),
    comparison.interval.map(percent).join(' to '),
    `A/A ${percent(comparison.noiseFloor)}`,
    `${comparison.firstMs.toPrecision(4)} ms`,
    `${comparison.sessions} sessions`,
    `${Math.round(comparison.seconds)} s`,
    `others ${percent(comparison.othersShare)}`,
  ].join('  ');

const VERDICTS = ['better', 'worse', 'tie', 'undecided'] as const;

/** How often each verdict was reached, and what was found. */
export const comparisonSummary = (comparisons: readonly Comparison[]) => {
  const widths = comparisons.map(({ interval: [low, high] }) => high - low);
  return {
    comparisons: comparisons.length,
    ...Object.fromEntries(
      VERDICTS.map((state) => [state, comparisons.filter(({ verdict }) => verdict === state).length]),
    ),
    'found, median': percent(median(comparisons.map(({ effect }) => effect))),
    'interval width, median': percent(median(widths)),
    widest: percent(Math.max(...widths)),
  };
};
