/** How single times are taken: in short bursts of one network at a time, by tinybench. */
import { Bench } from 'tinybench';
import { median, quantile } from '../../stats/sample.js';

export interface Sampler {
  /** The median of a burst, milliseconds. */
  sample(): Promise<number>;
  /** Runs until times have settled, or the cap is reached; how many runs it took. */
  warmUp(): Promise<number>;
}

/** Runs of one network, one after the other. */
export interface Burst {
  /** Runs before, untimed. */
  readonly first: number;
  /** It lasts at least so many timed runs, and so long. */
  readonly runs: number;
  readonly ms: number;
}

/**
 * After the others' turns one run brings the network back into the cache. Then as little as a clock and a median allow: the shorter
 * the turns, the more alike are the disturbances that all contenders get in a round, and ratios by round are the less noisy.
 */
const SAMPLE: Burst = { first: 1, runs: 1, ms: 5 };

const WARM_UP: Burst = { first: 0, runs: 5, ms: 20 };

const WARM_UP_CAP_MS = 2000;

/** Both reject with what the run rejects with, and with the signal's reason where it is stopped. */
export const createSampler = (run: () => Promise<unknown>, signal?: AbortSignal): Sampler =>
  samplerOf((burst) => timed(run, burst, signal));

/** Of a network that runs elsewhere, where its bursts are timed: `times` gives the milliseconds of every run of a burst. */
export const samplerOf = (times: (burst: Burst) => Promise<readonly number[]>): Sampler => ({
  sample: async () => median(await times(SAMPLE)),
  warmUp: async () => {
    const start = performance.now();
    let former = await times(WARM_UP);
    let runs = former.length;
    let settled = false;
    while (!settled && performance.now() - start < WARM_UP_CAP_MS) {
      const recent = await times(WARM_UP);
      settled = agree(former, recent);
      runs += recent.length;
      former = recent;
    }
    return runs;
  },
});

/**
 * Whether two halves of the recent samples agree: the median of each lies between the quartiles of the other, whatever the scale
 * of the noise. Throws RangeError where one is empty.
 */
export const agree = (former: readonly number[], recent: readonly number[]): boolean =>
  liesWithin(former, recent) && liesWithin(recent, former);

const liesWithin = (some: readonly number[], others: readonly number[]): boolean => {
  const centre = median(some);
  return quantile(others, 0.25) <= centre && centre <= quantile(others, 0.75);
};

const timed = async (
  run: () => Promise<unknown>,
  { first, runs, ms }: Burst,
  signal?: AbortSignal,
): Promise<readonly number[]> => {
  signal?.throwIfAborted();
  const bench = new Bench({
    warmup: first > 0,
    warmupIterations: first,
    warmupTime: 0,
    iterations: runs,
    time: ms,
    retainSamples: true,
    throws: true,
  });
  bench.add('network', run, { async: true });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error('The sampling loop ended without a result.');
  return task.result.latency.samples ?? [];
};
