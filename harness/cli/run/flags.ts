/** The options of `run`, and what they say about a plan and a run. */
import { type Command, Option } from 'commander';
import type { DeviceKind } from '../../../results/measurement/device.js';
import { SCALES, type Scale } from '../../../suites/suite.js';
import type { PlanOptions } from '../../run/run.js';
import type { RunOptions } from '../../run/run-options.js';
import { MOST } from '../../user/limits.js';
import { UserError } from '../../user/user-error.js';
import { printNote } from '../command.js';
import { DEVICE_KINDS_HELP, parseDeviceKinds } from '../options/device-option.js';
import { ENGINE_HELP } from '../options/engine-option.js';
import { gpusOption, refuseJobsWithGpus } from '../options/gpus-option.js';
import {
  collectBudgets,
  countUpTo,
  parseDuration,
  parseLearningRates,
  parseMemory,
  parsePort,
  parseRetries,
  parseTimeLimit,
} from '../options/values.js';

export interface RunFlags {
  readonly scale?: Scale;
  readonly seeds?: number;
  readonly epochs?: number;
  readonly tune?: readonly number[];
  readonly budget?: ReturnType<typeof collectBudgets>;
  readonly engine: string;
  readonly jobs?: number;
  readonly devices?: readonly number[];
  readonly redis?: string | true;
  readonly device?: readonly [DeviceKind, ...DeviceKind[]];
  readonly out?: string;
  readonly resume?: string;
  readonly only?: string;
  readonly untilDecided?: number | true;
  readonly timeBudget?: number;
  readonly trialTimeout?: number;
  readonly trialMemory?: number;
  readonly latencyTimeout?: number;
  readonly retries?: number;
  readonly logFile?: string;
  readonly metrics?: number;
  /** False for --no-cache. */
  readonly cache?: string | false;
  /** False for --no-weights. */
  readonly weights?: number | false;
  readonly open?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What decides a plan; a resumed run has its plan already. */
const PLANNING = [
  'scale',
  'seeds',
  'epochs',
  'tune',
  'budget',
  'only',
  'out',
  'untilDecided',
  'timeBudget',
  'dryRun',
] as const;

const MOST_SEEDS = 10;

export const addRunOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--scale <scale>', 'for suites with several scales: small images, or 224 pixels').choices(
        SCALES,
      ),
    )
    .option('--seeds <n>', 'trials per candidate', countUpTo(MOST.seeds))
    .option('--epochs <n>', 'epochs per trial', countUpTo(MOST.epochs))
    .option(
      '--tune <rates>',
      'learning rates to try for every candidate, chosen on validation images; for example 0.05,0.1,0.2',
      parseLearningRates,
    )
    .option(
      '--budget <metric=target>',
      'budget of the deploy form: params=1.5M, macs=300M, peak-memory=320kB (activations in int8), or latency=2.5 (ms, measured here); repeat it to set two of the counted ones',
      collectBudgets,
    )
    .option('--engine <name>', ENGINE_HELP, 'auto')
    .option(
      '--jobs <n>',
      'trials to train at a time, one thread each (default: one per core)',
      countUpTo(MOST.threads),
    )
    .addOption(gpusOption())
    .option(
      '--redis [url]',
      'let workers (lightbench worker) train the trials, through the Redis at this address (default: LIGHTBENCH_REDIS_URL)',
    )
    .option(
      '--device <kinds>',
      `what to measure latency on: ${DEVICE_KINDS_HELP}; or several of them, for example native,browser (default: native)`,
      parseDeviceKinds,
    )
    .option('--out <dir>', 'folder of the run (default: runs/<suite>-<time>)')
    .option('--resume <dir>', 'continue the run in this folder')
    .option('--only <pattern>', 'only candidates whose names match')
    .option('--dry-run', 'show the plan and stop')
    .option(
      '--until-decided [seeds]',
      'after the planned seeds, look at the accuracies and add seeds that would probably decide what is open, repeatedly, up to this total per candidate (default: 10)',
      countUpTo(MOST.seeds),
    )
    .option(
      '--time-budget <time>',
      'with --until-decided: the time that all trainings may take, for example 90s, 30m or 2h; the planned seeds are always trained',
      parseDuration,
    )
    .option(
      '--trial-timeout <time>',
      'kill a training that takes longer, for example 90s, 30m or 2h; its trial then fails',
      parseTimeLimit,
    )
    .option(
      '--trial-memory <size>',
      'kill a training that takes more memory, for example 512M or 2G',
      parseMemory,
    )
    .option(
      '--latency-timeout <time>',
      'stop a latency measurement that takes longer, here or on a worker; it then fails, and the accuracies stay',
      parseTimeLimit,
    )
    .option(
      '--retries <n>',
      'how often to repeat a training that was killed, crashed, or ran out of memory or time (default: 1)',
      parseRetries,
    )
    .option(
      '--cache <dir>',
      "folder of finished trials, which are not trained again (default: the user's cache folder)",
    )
    .option('--no-cache', 'train every trial, and keep none for other runs')
    .option(
      '--weights <size>',
      'keep the trained weights of a trial if their file is no larger, for example 20M (default: 256M)',
      parseMemory,
    )
    .option('--no-weights', 'keep no trained weights')
    .option(
      '--log-file <file>',
      "append what happens to this file, a JSON object a line; see lightbench schema 'run --log-file'",
    )
    .option('--metrics <port>', 'serve metrics for Prometheus on this port of 127.0.0.1', parsePort)
    .option('--open', 'open the page in your browser at once; it follows the run')
    .option('--json', 'print JSON; see lightbench schema run');

/**
 * The address, checked; null where this machine trains. Throws UserError where it is none, where --jobs or --devices are given for others,
 * and where both are given.
 */
export const redisOf = async (flags: RunFlags): Promise<string | null> => {
  const { redis, jobs, devices } = flags;
  refuseJobsWithGpus(flags);
  if (redis === undefined) return null;
  if (devices !== undefined) {
    throw new UserError(
      '--devices cannot be combined with --redis: workers train the trials.',
      'Give --devices to lightbench worker.',
    );
  }
  if (jobs !== undefined) {
    throw new UserError(
      '--jobs cannot be combined with --redis: workers train the trials.',
      'Give --jobs to lightbench worker.',
    );
  }
  const { REDIS_VARIABLE, redisAddressFrom } = await import('../../fleet/redis/address.js');
  const text = redis === true ? process.env[REDIS_VARIABLE] : redis;
  const { warning } = redisAddressFrom(text);
  if (warning !== null) printNote(`warning: ${warning}`);
  return text ?? null;
};

export const planOptions = ({ untilDecided, timeBudget, ...options }: RunFlags): PlanOptions => ({
  ...options,
  ...(timeBudget === undefined ? {} : { timeBudgetSeconds: timeBudget }),
  ...(untilDecided === undefined ? {} : { untilDecided: untilDecided === true ? MOST_SEEDS : untilDecided }),
});

export const limitsOf = ({ trialTimeout, trialMemory }: RunFlags): NonNullable<RunOptions['limits']> => ({
  ...(trialTimeout === undefined ? {} : { seconds: trialTimeout }),
  ...(trialMemory === undefined ? {} : { memoryBytes: trialMemory }),
});

export const devicesOf = ({ device }: RunFlags): Pick<RunOptions, 'device' | 'otherDevices'> => {
  if (device === undefined) return {};
  const [own, ...otherDevices] = device;
  return { device: own, otherDevices };
};

/** What may be kept of trained weights, where it is said. */
export const weightBytesOf = ({ weights }: RunFlags): Pick<RunOptions, 'weightBytes'> => {
  if (weights === false) return { weightBytes: 0 };
  return typeof weights === 'number' ? { weightBytes: weights } : {};
};

/** Throws UserError where a resumed run is given what decides a plan. */
export const refuseWithResume = (options: RunFlags): void => {
  const given = PLANNING.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new UserError(
    `--${given.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)} cannot be combined with --resume: a resumed run keeps its plan.`,
    'Omit it, or start a new run.',
  );
};
