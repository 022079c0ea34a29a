/** How long a run will take here, from a step of every candidate. Steps that were timed before are not timed again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../../results/plan/plan.js';
import { contentKey } from '../../results/plan/plan-key.js';
import { stepsInEpoch } from '../engines/requirements.js';
import { cacheFolder, makeCacheFolder } from '../files/cache-folder.js';
import { writeWhole } from '../files/write-whole.js';
import { usableCores } from '../measure/machine/cores.js';
import { deviceId } from '../measure/machine/device.js';
import { plannedRecipe } from './plan/planned.js';
import { runWorker } from './worker/run-worker.js';

export interface RunEstimate {
  readonly trainingSeconds: number;
  /** At most: the measurement ends once every pair is decided. */
  readonly latencySeconds: number;
  /** Trainings at a time. */
  readonly jobs: number;
}

export interface EstimateOptions {
  readonly jobs?: number;
  readonly signal?: AbortSignal;
}

/** Where a step has not been timed before, for so long at most; the rest is estimated from its MACs. */
const CALIBRATION_SECONDS = 10;

/** Null where no step could be timed: what is wrong is told by the trials themselves. */
export const estimateRun = async (
  plan: Plan,
  { jobs = usableCores(), ...options }: EstimateOptions = {},
): Promise<RunEstimate | null> => {
  const known = await stepTimes(plan, options);
  if (known.size === 0) return null;
  return estimateFrom(plan, known, jobs);
};

/** From the seconds of a step by candidate; those without one are as fast for their MACs as the others are in the mean. */
export const estimateFrom = (plan: Plan, known: ReadonlyMap<string, number>, jobs: number): RunEstimate => {
  const macs = new Map(plan.candidates.map(({ name, costs }) => [name, costs.train.macs]));
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  const perMac = sum(known.values()) / sum([...known.keys()].map((name) => macs.get(name) ?? 0));
  const stepOf = (name: string): number => known.get(name) ?? perMac * (macs.get(name) ?? 0);
  const recipe = plannedRecipe(plan);
  const { dataset, int8, tuning } = plan.conditions;
  const { trainImages, validationImages, testImages } = dataset;
  const epochs = recipe.epochs + (int8?.fineTune?.epochs ?? 0);
  const steps = stepsInEpoch(trainImages, recipe.batch);
  const evaluation = (images: number): number => images / recipe.batch / STEP_OVER_FORWARD;
  const lasting = (epochs: number, name: string, tested: number): number =>
    START_SECONDS + stepOf(name) * (epochs * (steps + evaluation(validationImages)) + evaluation(tested));
  const trainings = [
    ...(plan.tries ?? []).map(({ candidate }) => lasting(tuning?.epochs ?? 0, candidate, 0)),
    ...plan.trials.map(({ candidate }) => lasting(epochs, candidate, testImages)),
  ];
  const { sessions, rounds, batch } = plan.latency;
  const bursts = plan.candidates.map(({ name }) => {
    const run = (batch * stepOf(name)) / recipe.batch / STEP_OVER_FORWARD;
    return rounds * (run + Math.max(BURST_SECONDS, run)) + sessions * LOAD_SECONDS;
  });
  return {
    trainingSeconds: Math.max(sum(trainings) / jobs, ...trainings),
    // One of them runs twice, as its own control.
    latencySeconds: (sum(bursts) * (bursts.length + 1)) / bursts.length,
    jobs: Math.min(jobs, trainings.length),
  };
};

/** Forward, and backward by values and by weights. */
const STEP_OVER_FORWARD = 3;

/** Of a process that trains. */
const START_SECONDS = 1;

/** Of a network in the latency measurement, its warm-up included. */
const LOAD_SECONDS = 0.15;
const BURST_SECONDS = 0.005;

const stepTimes = async (
  plan: Plan,
  { signal }: Omit<EstimateOptions, 'jobs'>,
): Promise<ReadonlyMap<string, number>> => {
  const times = new Map<string, number>();
  const keys = new Map(plan.candidates.map(({ name, fingerprint }) => [name, keyOf(plan, fingerprint)]));
  for (const [name, key] of keys) {
    const seconds = await readTime(key);
    if (seconds !== null) times.set(name, seconds);
  }
  const untimed = [...keys.keys()].filter((name) => !times.has(name));
  if (untimed.length === 0) return times;
  const writing: Promise<void>[] = [];
  await runWorker(
    { job: 'step-times', plan, candidates: untimed, withinSeconds: CALIBRATION_SECONDS },
    {
      onStepTime: (candidate, seconds) => {
        times.set(candidate, seconds);
        writing.push(keepTime(keys.get(candidate) ?? '', seconds));
      },
      ...(signal === undefined ? {} : { signal }),
    },
  );
  await Promise.all(writing);
  return times;
};

const keyOf = ({ conditions }: Plan, fingerprint: string): string =>
  contentKey({
    fingerprint,
    engine: conditions.engine,
    threads: conditions.trainThreads,
    batch: conditions.recipe.batch,
    device: deviceId('native'),
  });

const TIMES = 'step-times';

const timeSchema = z.strictObject({ stepSeconds: z.number().positive() });

const fileOf = (key: string): string => join(cacheFolder(TIMES), `${key}.json`);

/** Null where there is none that can be read. */
const readTime = async (key: string): Promise<number | null> => {
  try {
    return timeSchema.parse(JSON.parse(await readFile(fileOf(key), 'utf8'))).stepSeconds;
  } catch {
    return null;
  }
};

/** Where it cannot be kept, it is timed again the next time. */
const keepTime = async (key: string, stepSeconds: number): Promise<void> => {
  await makeCacheFolder(TIMES)
    .then(() => writeWhole(fileOf(key), `${JSON.stringify({ stepSeconds })}\n`))
    .catch(() => {});
};
