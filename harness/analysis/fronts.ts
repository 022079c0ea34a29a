/** Top-1 against costs, and how sure the front is. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { CandidateRecord } from '../../results/record.js';
import { frontProbabilities, type Offer, paretoFront } from '../stats/pareto.js';
import { resampleCrossed, resamplePaired } from '../stats/resample.js';
import { mean, median, trimmedMean } from '../stats/sample.js';
import { type Correctness, sharedSeeds } from './accuracy.js';
import type { ParetoFront } from './analysis.js';
import type { Latencies } from './latency.js';

const DRAWS = 1000;

const SEED = 0;

/**
 * The fronts of a group against parameters, MACs and latency: of the candidates that have been measured, over the seeds that all of
 * them share. Probabilities are those of bootstrap draws of seeds, images and sessions. No front of fewer than two, or of what was
 * measured in different sessions.
 */
export const paretoFronts = (
  group: readonly CandidateRecord[],
  correct: Correctness,
  latencies: Latencies,
): readonly ParetoFront[] => {
  const generator = xoroshiro128plus(SEED);
  const uniform = () => uniformFloat64(generator);
  const gains = accuracies(group, correct, uniform);
  const trained = group.filter(({ name }) => gains.has(name));
  const fixed = (metric: 'params' | 'macs'): Varying =>
    new Map(trained.map(({ name, costs }) => [name, { estimate: costs.deploy[metric], draws: null }]));
  return [
    frontOf('params', gains, fixed('params')),
    frontOf('macs', gains, fixed('macs')),
    frontOf('latency', gains, times(trained, latencies, uniform)),
  ].filter(({ points }) => points.length > 1);
};

/** By candidate, an estimate and its bootstrap draws; null where it is exact. */
type Varying = ReadonlyMap<string, { readonly estimate: number; readonly draws: readonly number[] | null }>;

const accuracies = (
  group: readonly CandidateRecord[],
  correct: Correctness,
  uniform: () => number,
): Varying => {
  const measured = group.flatMap(({ name }) => {
    const bySeed = correct.get(name);
    return bySeed === undefined || bySeed.size === 0 ? [] : [{ name, bySeed }];
  });
  const seeds = sharedSeeds(measured.map(({ bySeed }) => bySeed));
  if (seeds.length === 0) return new Map();
  const tables = measured.map(({ bySeed }) => seeds.flatMap((seed) => bySeed.get(seed) ?? []));
  const draws = resampleCrossed(tables, DRAWS, uniform);
  return new Map(
    measured.map(({ name }, i) => {
      const estimate = mean((tables[i] ?? []).map(mean));
      return [name, { estimate, draws: draws.map((drawn) => drawn[i] ?? Number.NaN) }];
    }),
  );
};

/** Logarithms of times: they have the same order. */
const times = (group: readonly CandidateRecord[], latencies: Latencies, uniform: () => number): Varying => {
  const measured = group.flatMap(({ name }) => {
    const sessions = latencies.get(name)?.roundMs.map((session) => Math.log(median(session)));
    return sessions === undefined ? [] : [{ name, sessions }];
  });
  const [first] = measured;
  if (measured.some(({ sessions }) => sessions.length !== first?.sessions.length)) return new Map();
  const draws = resamplePaired(
    measured.map(({ sessions }) => sessions),
    trimmedMean,
    DRAWS,
    uniform,
  );
  return new Map(
    measured.map(({ name, sessions }, i) => [
      name,
      { estimate: trimmedMean(sessions), draws: draws.map((drawn) => drawn[i] ?? Number.NaN) },
    ]),
  );
};

const frontOf = (cost: ParetoFront['cost'], gains: Varying, costs: Varying): ParetoFront => {
  const names = [...costs.keys()];
  const offers = (draw: number | null): readonly Offer[] => {
    const pick = (values: Varying, name: string): number => {
      const value = values.get(name);
      return (draw === null ? value?.estimate : (value?.draws?.[draw] ?? value?.estimate)) ?? Number.NaN;
    };
    return names.map((name) => ({ gain: pick(gains, name), cost: pick(costs, name) }));
  };
  const front = paretoFront(offers(null));
  const probabilities = frontProbabilities(Array.from({ length: DRAWS }, (_, draw) => offers(draw)));
  return {
    cost,
    points: names.map((candidate, i) => ({
      candidate,
      onFront: front[i] ?? false,
      probability: probabilities[i] ?? 0,
    })),
  };
};
