/** One session of a latency measurement, and what has been timed of every contender. */
import type { LatencySeconds } from '../../../results/training/phases.js';
import { elementCount } from '../../graph/shape.js';
import { randomStream } from '../../random.js';
import type { Contender, LatencyOptions, LatencyPredictor, TimedForm } from './latency-measurement.js';
import { createSampler, type Sampler, samplerOf } from './sampling.js';

/** A contender and what has been measured of it. */
export interface Timing {
  readonly contender: Contender;
  readonly images: Float32Array;
  /** By session, then in round order. */
  readonly roundMs: number[][];
  /** By session. */
  readonly warmUpRuns: number[];
  /** Why it takes part no longer. */
  error: string | null;
}

interface Loaded {
  readonly timing: Timing;
  readonly predictor: LatencyPredictor;
  readonly sampler: Sampler;
  readonly roundMs: number[];
}

/** Every contender, tried once, and of every form the first that works a second time. */
export const beginTimings = async (
  options: LatencyOptions,
): Promise<{
  readonly timings: readonly Timing[];
  readonly controls: readonly Timing[];
  readonly seconds: number;
}> => {
  const start = performance.now();
  const timings = options.contenders.map((contender) => beginTiming(contender, options));
  for (const timing of timings) {
    options.signal?.throwIfAborted();
    await attempt(timing, options, async () => {
      const predictor = await load(timing, options);
      try {
        await predictor.run(timing.images);
      } finally {
        await predictor.dispose();
      }
    });
  }
  const references = (['deploy', 'int8'] as const).flatMap(
    (form) => timings.find((timing) => timing.error === null && formOf(timing) === form) ?? [],
  );
  return {
    timings,
    controls: references.map(({ contender }) => beginTiming(contender, options)),
    seconds: secondsSince(start),
  };
};

export const formOf = ({ contender }: Timing): TimedForm =>
  'load' in contender ? (contender.form ?? 'deploy') : 'deploy';

/** Adds a session of so many rounds to everyone who has not failed; how long its parts took. */
export const runSession = async (
  options: LatencyOptions,
  timings: readonly Timing[],
  session: number,
  rounds: number,
  onRound: () => void,
): Promise<LatencySeconds> => {
  const all: Loaded[] = [];
  try {
    const start = performance.now();
    const working = timings.filter(({ error }) => error === null);
    for (const timing of shuffled(working, options.seed, session, 'load')) {
      await attempt(timing, options, async () => {
        const predictor = await load(timing, options);
        const { times } = predictor;
        const sampler =
          times === undefined
            ? createSampler(() => predictor.run(timing.images), options.signal)
            : samplerOf((burst) => times(timing.images, burst));
        all.push({ timing: timing, predictor, sampler, roundMs: [] });
      });
    }
    const loading = secondsSince(start);
    for (const { timing, sampler } of all) {
      await attempt(timing, options, async () => {
        timing.warmUpRuns.push(await sampler.warmUp());
      });
    }
    const warmUp = secondsSince(start) - loading;
    for (let round = 0; round < rounds; round += 1) {
      for (const { timing, sampler, roundMs } of shuffled(all, options.seed, session, round)) {
        if (timing.error !== null) continue;
        await attempt(timing, options, async () => {
          roundMs.push(await sampler.sample());
        });
      }
      onRound();
    }
    for (const { timing, roundMs } of all) timing.roundMs.push(roundMs);
    return { loading, warmUp, rounds: secondsSince(start) - loading - warmUp };
  } finally {
    for (const { predictor } of all) await predictor.dispose();
  }
};

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

const beginTiming = (contender: Contender, { batch, seed }: LatencyOptions): Timing => {
  const random = randomStream(seed, 'latency', 'images');
  const input = 'load' in contender ? contender.input : contender.graph.input.shape;
  const size = batch * elementCount(input);
  const images = Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
  return { contender, images, roundMs: [], warmUpRuns: [], error: null };
};

const load = (
  { contender }: Timing,
  { engine, batch, threads }: LatencyOptions,
): Promise<LatencyPredictor> =>
  'load' in contender
    ? contender.load()
    : engine.createPredictor(contender.graph, contender.weights, { batch, threads });

/** A failure is the contender's; being stopped is not. */
const attempt = async (
  timing: Timing,
  { signal }: LatencyOptions,
  action: () => Promise<void>,
): Promise<void> => {
  try {
    await action();
  } catch (error) {
    signal?.throwIfAborted();
    timing.error = error instanceof Error ? error.message : String(error);
  }
};

const shuffled = <T>(
  items: readonly T[],
  seed: number,
  ...path: readonly (string | number)[]
): readonly T[] =>
  [...randomStream(seed, 'latency', ...path).permutation(items.length)].flatMap((i) => items[i] ?? []);
