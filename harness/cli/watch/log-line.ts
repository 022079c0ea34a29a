/** A run's events as lines of a log. */
import { z } from 'zod';
import { failureCauseSchema } from '../../../results/training/failure.js';
import { originSchema } from '../../../results/training/origin.js';
import type { Failure, RunEvent } from '../../run/status/events.js';

/** What `--log-file` writes, one JSON object a line. */
export const logLineContract = z.strictObject({
  level: z.enum(['info', 'warn', 'error']),
  time: z.iso.datetime(),
  event: z.string().describe('for example trial-started, trial-epoch, trial-done, trial-failed'),
  directory: z.string().exactOptional().describe('folder of the run'),
  candidate: z.string().exactOptional(),
  seed: z.int().exactOptional(),
  learningRate: z.number().exactOptional(),
  where: z.string().exactOptional().describe('the machine, if it is another'),
  epoch: z.int().exactOptional(),
  trainLoss: z.number().exactOptional(),
  validationLoss: z.number().exactOptional(),
  validationTop1: z.number().exactOptional().describe('share of the validation images, 0 to 1'),
  testTop1: z.number().exactOptional().describe('share of the test images, 0 to 1'),
  testLoss: z.number().exactOptional(),
  trainSeconds: z.number().exactOptional(),
  from: originSchema.exactOptional().describe('if an earlier run made the result'),
  medianMs: z.number().exactOptional(),
  trials: z.int().exactOptional().describe('planned'),
  tries: z.int().exactOptional(),
  done: z.int().exactOptional(),
  total: z.int().exactOptional(),
  share: z.number().exactOptional().describe('of all training work, 0 to 1'),
  secondsLeft: z.number().nullable().exactOptional(),
  cause: failureCauseSchema.exactOptional(),
  message: z.string().exactOptional().describe('why it failed, or what is wrong'),
  lastLines: z.array(z.string()).exactOptional().describe('what the process of a failed training wrote last'),
});

type LogLine = Omit<z.infer<typeof logLineContract>, 'time' | 'event'>;

/** Null for what is told too often to be kept. */
export const logLine = (event: RunEvent): LogLine | null => {
  switch (event.kind) {
    case 'trial-progress':
      return null;
    case 'planned': {
      const { directory, tries, trials, done } = event;
      return { level: 'info', directory, tries, trials, done };
    }
    case 'trial-epoch': {
      const { epoch, trainLoss, validationLoss, validationTop1, learningRate } = event.epoch;
      return {
        level: 'info',
        ...nameOf(event),
        epoch,
        learningRate,
        trainLoss,
        validationLoss,
        validationTop1,
      };
    }
    case 'trial-done': {
      const { testTop1, testLoss, trainSeconds } = event.result;
      return { level: 'info', ...nameOf(event), testTop1, testLoss, trainSeconds, ...fromOf(event) };
    }
    case 'try-done': {
      const validationTop1 = event.result.epochs.at(-1)?.validationTop1 ?? 0;
      return { level: 'info', ...nameOf(event), validationTop1, ...fromOf(event) };
    }
    case 'trial-started':
    case 'try-started':
      return {
        level: 'info',
        ...nameOf(event),
        ...(event.where === undefined ? {} : { where: event.where }),
      };
    case 'try-diverged':
      return { level: 'warn', ...nameOf(event), message: event.reason };
    case 'trial-failed':
    case 'try-failed':
      return { level: 'error', ...nameOf(event), ...failureOf(event) };
    case 'trial-retried':
    case 'try-retried':
      return { level: 'warn', ...nameOf(event), ...failureOf(event) };
    case 'training':
      return { level: 'info', share: event.share, secondsLeft: event.secondsLeft };
    case 'latency-started':
      return { level: 'info', total: event.candidates, where: event.device };
    case 'latency-progress':
      return { level: 'info', done: event.done, total: event.total };
    case 'latency-done':
      return { level: 'info', candidate: event.candidate, medianMs: event.result.medianMs };
    case 'latency-failed':
      return { level: 'error', candidate: event.candidate, message: event.error };
    case 'journal-repaired':
      return {
        level: 'warn',
        message: `${event.damaged.length === 0 ? 'The beginning of the journal was lost, and is put back' : `${event.damaged.length} damaged lines of the journal do not count`}; as it was, it is kept in ${event.keptIn}.`,
      };
    case 'data-rebuilt':
      return { level: 'warn', message: `${event.file} was damaged; it is made anew.` };
    case 'cache-trouble':
      return { level: 'warn', message: event.problem };
    case 'worker-joined':
    case 'worker-left':
    case 'device-started':
      return { level: 'info', where: event.machine };
    case 'worker-refused':
      return { level: 'warn', where: event.machine, message: event.reason };
    case 'device-done':
      return event.error === null
        ? { level: 'info', where: event.machine }
        : { level: 'error', where: event.machine, message: event.error };
    case 'fleet-trouble':
      return { level: 'warn', message: event.reason };
  }
};

const nameOf = (event: {
  readonly candidate: string;
  readonly seed?: number;
  readonly learningRate?: number;
}): Pick<LogLine, 'candidate' | 'seed' | 'learningRate'> => ({
  candidate: event.candidate,
  ...(event.seed === undefined ? {} : { seed: event.seed }),
  ...(event.learningRate === undefined ? {} : { learningRate: event.learningRate }),
});

const fromOf = ({ from }: Pick<Extract<RunEvent, { kind: 'trial-done' }>, 'from'>): Pick<LogLine, 'from'> =>
  from === undefined ? {} : { from };

const failureOf = ({
  error,
  cause,
  lastLines,
}: Failure): Pick<LogLine, 'message' | 'cause' | 'lastLines'> => ({
  message: error,
  cause,
  ...(lastLines === undefined ? {} : { lastLines: [...lastLines] }),
});
