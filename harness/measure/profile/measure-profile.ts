/** What networks get out of a machine, operation by operation, and what the machine could give: all of it timed in the same rounds. */
import type { NetworkProfile, ProfileFields } from '../../../results/profile/profile.js';
import { readOnnx } from '../../cost/onnx-file.js';
import type { PredictorOptions } from '../../engines/engine.js';
import { nodeOwners, ownerOf } from '../../engines/onnx/kernel-owners.js';
import { predictorModel } from '../../engines/onnx/predictor-model.js';
import type { KernelTimes } from '../../engines/onnx/profile-events.js';
import { type ProfiledSession, profiledSession } from '../../engines/onnx/profiled-session.js';
import { createOnnxPredictor } from '../../engines/onnx/session.js';
import { elementCount } from '../../graph/shape.js';
import { randomStream } from '../../random.js';
import { ALPHA } from '../../stats/inference.js';
import { roundsInference } from '../../stats/rounds.js';
import { median, trimmedMean } from '../../stats/sample.js';
import type { GraphContender } from '../latency/latency-measurement.js';
import { attributeKernels, MULTIPLIES } from './attribute-kernels.js';
import {
  arraySum,
  idleOperations,
  type PeakModel,
  peakModels,
  type ReferenceModel,
  SUM_BYTES,
} from './reference-models.js';

export interface ProfileOptions extends PredictorOptions {
  readonly contenders: readonly GraphContender[];
  /** How long the rounds take, at least. */
  readonly seconds: number;
  readonly onRound?: (seconds: number) => void;
}

export type MeasuredProfile = Pick<
  ProfileFields,
  'rounds' | 'peakMacsPerSecond' | 'bytesPerSecond' | 'profilerMs' | 'networks'
>;

/** Runs of a network in a round, after one that is not counted: as many as fill this time, within limits. */
const BURST_MS = 20;
const MOST_RUNS = 10;

/** The first round warms up. */
const FEWEST_ROUNDS = 6;

const SEED = 0;

/**
 * Rounds of: what shows the peak, the sum, the idle operations, and every network first without and then with the profiler, in random order. The
 * deploy form on onnxruntime's CPU. Rejects with RangeError where a kernel cannot be attributed.
 */
export const measureProfile = async ({
  contenders,
  batch,
  threads,
  seconds,
  onRound = () => {},
}: ProfileOptions): Promise<MeasuredProfile> => {
  const loaded = ({ model, feeds }: ReferenceModel) => profiledSession(model, feeds, threads);
  const [sum, idle] = [await loaded(arraySum()), await loaded(idleOperations())];
  const peaks: Peak[] = [];
  for (const model of peakModels()) peaks.push({ macs: model.macs, session: await loaded(model) });
  const timed: Timed[] = [];
  for (const contender of contenders) timed.push(await load(contender, { batch, threads }));
  const actions = [
    ...peaks.map((peak) => () => runWarm(peak)),
    () => sum.run(),
    () => idle.run(),
    ...timed.map((one) => () => runBurst(one)),
  ];
  const start = performance.now();
  let rounds = 0;
  for (; rounds < FEWEST_ROUNDS || performance.now() - start < 1000 * seconds; rounds += 1) {
    for (const i of randomStream(SEED, 'profile', rounds).permutation(actions.length)) await actions[i]?.();
    onRound((performance.now() - start) / 1000);
  }
  const afterFirst = ([, ...others]: readonly number[]): number => trimmedMean(others) / 1000;
  const profilerMs = trimmedMean((await idle.end()).map(({ microseconds }) => afterFirst(microseconds)));
  const sumMs = Math.min(...(await sum.end()).map(leastMs));
  const rates: number[] = [];
  for (const peak of peaks) rates.push(await fastest(peak, profilerMs));
  const networks: NetworkProfile[] = [];
  for (const one of timed) networks.push(await profileOf(one, profilerMs));
  return {
    rounds: rounds - 1,
    peakMacsPerSecond: Math.max(...rates),
    bytesPerSecond: (1000 * SUM_BYTES) / sumMs,
    profilerMs,
    networks,
  };
};

interface Peak extends Pick<PeakModel, 'macs'> {
  readonly session: ProfiledSession;
}

/** Again, with its data in the caches. */
const runWarm = async ({ session }: Peak): Promise<void> => {
  await session.run();
  await session.run();
};

const leastMs = ({ microseconds: [, ...others] }: KernelTimes): number => Math.min(...others) / 1000;

/** Multiply-accumulates a second of its fastest kernel, in its fastest run. */
const fastest = async ({ macs, session }: Peak, profilerMs: number): Promise<number> => {
  const kernels = (await session.end()).filter(({ operator }) => MULTIPLIES.test(operator));
  if (kernels.length !== macs.length)
    throw new RangeError(`${kernels.length} kernels compute ${macs.length} products.`);
  return Math.max(...kernels.map((kernel, i) => (1000 * (macs[i] ?? 0)) / (leastMs(kernel) - profilerMs)));
};

interface Timed {
  readonly contender: GraphContender;
  readonly batch: number;
  readonly plain: { readonly run: () => Promise<unknown>; readonly dispose: () => Promise<void> };
  readonly profiled: ProfiledSession;
  readonly owners: ReadonlyMap<string, string>;
  /** By round. */
  readonly plainMs: number[][];
  /** Of the profiled runs, whether each counts. */
  readonly counts: boolean[];
  /** Runs of a burst that count. */
  runs: number;
}

const load = async (contender: GraphContender, options: PredictorOptions): Promise<Timed> => {
  const { graph, weights } = contender;
  const stream = randomStream(SEED, 'images');
  const size = options.batch * elementCount(graph.input.shape);
  const images = Float32Array.from({ length: size }, () => stream.uniform());
  const model = predictorModel(graph, weights, options.batch);
  const predictor = await createOnnxPredictor(graph, weights, options, 'cpu');
  const dims = [options.batch, ...graph.input.shape];
  return {
    contender,
    batch: options.batch,
    plain: { run: () => predictor.run(images), dispose: () => predictor.dispose() },
    profiled: await profiledSession(model, { input: { values: images, dims } }, options.threads),
    owners: nodeOwners(graph, readOnnx(model).nodes, 'output'),
    plainMs: [],
    counts: [],
    runs: 1,
  };
};

/** The first run after another network's finds its own data out of the caches. */
const runBurst = async (timed: Timed): Promise<void> => {
  const { plain, profiled, plainMs, counts } = timed;
  const isFirst = plainMs.length === 0;
  await plain.run();
  const times: number[] = [];
  for (let run = 0; run < timed.runs; run += 1) {
    const start = performance.now();
    await plain.run();
    times.push(performance.now() - start);
  }
  plainMs.push(times);
  for (let run = 0; run <= timed.runs; run += 1) {
    await profiled.run();
    counts.push(run > 0 && !isFirst);
  }
  timed.runs = Math.min(MOST_RUNS, Math.max(1, Math.round(BURST_MS / median(times))));
};

const profileOf = async (
  { contender: { name, graph }, plain, profiled, owners, plainMs, counts, batch }: Timed,
  profilerMs: number,
): Promise<NetworkProfile> => {
  await plain.dispose();
  const kernels = await profiled.end();
  const attributed = attributeKernels(
    graph,
    kernels.map((kernel) => ({ ...kernel, owner: ownerOf(owners, kernel.name) })),
  );
  const { value, interval } = roundsInference([plainMs.slice(1).map(median)]);
  const [low, high] = interval(ALPHA);
  return {
    name,
    medianMs: value,
    interval95Ms: [low, high],
    kernels: kernels.flatMap(({ activationBytes, microseconds }: KernelTimes, i) => {
      const row = attributed[i];
      if (row === undefined) return [];
      const { path, kind, macs, weightBytes } = row;
      const counted = microseconds.filter((_, run) => counts[run]);
      const ms = Math.max(0, trimmedMean(counted) / 1000 - profilerMs);
      return [{ path, kind, macs: batch * macs, bytes: activationBytes + weightBytes, ms }];
    }),
  };
};
