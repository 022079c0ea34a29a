/** Top-1 against costs, and how sure the front is. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { COUNTED_METRICS, type CountedMetric } from '../../results/plan/budget-metrics.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';
import { countedCost } from '../../results/plan/counted-cost.js';
import { frontProbabilities, type Offer, paretoFront } from '../stats/pareto.js';
import { resamplePaired } from '../stats/resample.js';
import { median, trimmedMean } from '../stats/sample.js';
import type { ParetoFront } from './analysis.js';
import type { Accuracies } from './evidence/accuracy.js';
import type { Latencies } from './evidence/latency.js';

const SEED = 0;

/**
 * The fronts of a group against every counted cost and latency: of the candidates that have been measured. Probabilities are those of the
 * draws that all differences of accuracy are read from, and of bootstrap draws of sessions. No front of fewer than two, or of what was
 * measured in different sessions.
 */
export const paretoFronts = (
  group: readonly CandidateRecord[],
  accuracies: Accuracies | null,
  latencies: Latencies,
): readonly ParetoFront[] => {
  if (accuracies === null) return [];
  const generator = xoroshiro128plus(SEED);
  const uniform = () => uniformFloat64(generator);
  const gains = gainsOf(accuracies);
  const { draws } = accuracies.last;
  const trained = group.filter(({ name }) => gains.has(name));
  const fixed = (metric: CountedMetric): Varying =>
    new Map(
      trained.flatMap(({ name, costs }) => {
        const estimate = countedCost(costs.deploy, metric);
        return estimate === null ? [] : [[name, { estimate, draws: null }] as const];
      }),
    );
  return [
    ...COUNTED_METRICS.map((metric) => frontOf(metric, { gains, costs: fixed(metric), draws })),
    frontOf('latency', { gains, costs: times(trained, latencies, draws, uniform), draws }),
  ].filter(({ points }) => points.length > 1);
};

/** By candidate, an estimate and its draws; null where it is exact. */
type Varying = ReadonlyMap<string, { readonly estimate: number; readonly draws: readonly number[] | null }>;

const gainsOf = ({ places, last: { estimates, errors, draws, candidates } }: Accuracies): Varying =>
  new Map(
    [...places].map(([name, place]) => {
      const estimate = estimates[place] ?? Number.NaN;
      const drawn = Array.from({ length: draws }, (_, d) => estimate + (errors[d * candidates + place] ?? 0));
      return [name, { estimate, draws: drawn }];
    }),
  );

/** Logarithms of times: they have the same order. */
const times = (
  group: readonly CandidateRecord[],
  latencies: Latencies,
  count: number,
  uniform: () => number,
): Varying => {
  const measured = group.flatMap(({ name }) => {
    const sessions = latencies.get(name)?.roundMs.map((session) => Math.log(median(session)));
    return sessions === undefined ? [] : [{ name, sessions }];
  });
  const [first] = measured;
  if (measured.some(({ sessions }) => sessions.length !== first?.sessions.length)) return new Map();
  const draws = resamplePaired(
    measured.map(({ sessions }) => sessions),
    trimmedMean,
    count,
    uniform,
  );
  return new Map(
    measured.map(({ name, sessions }, i) => [
      name,
      { estimate: trimmedMean(sessions), draws: draws.map((drawn) => drawn[i] ?? Number.NaN) },
    ]),
  );
};

const frontOf = (
  cost: ParetoFront['cost'],
  { gains, costs, draws }: { readonly gains: Varying; readonly costs: Varying; readonly draws: number },
): ParetoFront => {
  const names = [...costs.keys()];
  const offers = (draw: number | null): readonly Offer[] => {
    const pick = (values: Varying, name: string): number => {
      const value = values.get(name);
      return (draw === null ? value?.estimate : (value?.draws?.[draw] ?? value?.estimate)) ?? Number.NaN;
    };
    return names.map((name) => ({ gain: pick(gains, name), cost: pick(costs, name) }));
  };
  const front = paretoFront(offers(null));
  const probabilities = frontProbabilities(Array.from({ length: draws }, (_, draw) => offers(draw)));
  return {
    cost,
    points: names.map((candidate, i) => ({
      candidate,
      onFront: front[i] ?? false,
      probability: probabilities[i] ?? 0,
    })),
  };
};
