/** One session of a latency measurement, and who takes part in it. */
import type { Predictor } from '../engines/engine.js';
import { elementCount } from '../graph/shape.js';
import { randomStream } from '../random.js';
import type { Contender, LatencyOptions } from './latency.js';
import { createSampler, type Sampler } from './sampling.js';

/** A contender and what has been measured of it. */
export interface Contestant {
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
  readonly contestant: Contestant;
  readonly predictor: Predictor;
  readonly sampler: Sampler;
  readonly roundMs: number[];
}

/** Every contender, tried once, and the first that works a second time. */
export const enter = async (
  options: LatencyOptions,
): Promise<{ readonly contestants: readonly Contestant[]; readonly control: Contestant | null }> => {
  const contestants = options.contenders.map((contender) => contestant(contender, options));
  for (const entrant of contestants) {
    options.signal?.throwIfAborted();
    await attempt(entrant, options, async () => {
      const predictor = await load(entrant, options);
      try {
        await predictor.run(entrant.images);
      } finally {
        await predictor.dispose();
      }
    });
  }
  const reference = contestants.find(({ error }) => error === null);
  return { contestants, control: reference ? contestant(reference.contender, options) : null };
};

/** Adds a session of so many rounds to everyone who has not failed. */
export const runSession = async (
  options: LatencyOptions,
  contestants: readonly Contestant[],
  session: number,
  rounds: number,
  onRound: () => void,
): Promise<void> => {
  const all: Loaded[] = [];
  try {
    const entrants = contestants.filter(({ error }) => error === null);
    for (const entrant of shuffled(entrants, options.seed, session, 'load')) {
      await attempt(entrant, options, async () => {
        const predictor = await load(entrant, options);
        const sampler = createSampler(() => predictor.run(entrant.images), options.signal);
        all.push({ contestant: entrant, predictor, sampler, roundMs: [] });
      });
    }
    for (const { contestant, sampler } of all) {
      await attempt(contestant, options, async () => {
        contestant.warmUpRuns.push(await sampler.warmUp());
      });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const { contestant, sampler, roundMs } of shuffled(all, options.seed, session, round)) {
        if (contestant.error !== null) continue;
        await attempt(contestant, options, async () => {
          roundMs.push(await sampler.sample());
        });
      }
      onRound();
    }
    for (const { contestant, roundMs } of all) contestant.roundMs.push(roundMs);
  } finally {
    for (const { predictor } of all) await predictor.dispose();
  }
};

const contestant = (contender: Contender, { batch, seed }: LatencyOptions): Contestant => {
  const random = randomStream(seed, 'latency', 'images');
  const input = 'load' in contender ? contender.input : contender.graph.input.shape;
  const size = batch * elementCount(input);
  const images = Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
  return { contender, images, roundMs: [], warmUpRuns: [], error: null };
};

const load = ({ contender }: Contestant, { engine, batch, threads }: LatencyOptions): Promise<Predictor> =>
  'load' in contender
    ? contender.load()
    : engine.createPredictor(contender.graph, contender.weights, { batch, threads });

/** A failure is the contestant's; being stopped is not. */
const attempt = async (
  contestant: Contestant,
  { signal }: LatencyOptions,
  action: () => Promise<void>,
): Promise<void> => {
  try {
    await action();
  } catch (error) {
    signal?.throwIfAborted();
    contestant.error = error instanceof Error ? error.message : String(error);
  }
};

const shuffled = <T>(
  items: readonly T[],
  seed: number,
  ...path: readonly (string | number)[]
): readonly T[] =>
  [...randomStream(seed, 'latency', ...path).permutation(items.length)].flatMap((i) => items[i] ?? []);
