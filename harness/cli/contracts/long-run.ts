/** The JSON of what belongs to long runs: their status, and the cache of results. */
import { z } from 'zod';
import { progressSchema } from '../../../results/run/progress.js';
import { failureCauseSchema } from '../../../results/training/failure.js';
import { originSchema } from '../../../results/training/origin.js';

const counts = z.strictObject({
  planned: z.int(),
  done: z.int(),
  reused: z.int().describe('of the done ones, those that an earlier run trained'),
  failed: z.int(),
  running: z.int(),
  pending: z.int(),
});

export const statusContract = z.strictObject({
  directory: z.string(),
  suite: z.string(),
  state: z.enum(['running', 'finished', 'stopped']).describe('stopped: it can be resumed'),
  owner: z
    .strictObject({ user: z.string(), host: z.string(), pid: z.int(), since: z.string() })
    .nullable()
    .describe('the process that works on it'),
  trials: counts,
  tries: counts.describe('of learning rates'),
  running: progressSchema.shape.running,
  failed: z.array(
    z.strictObject({
      candidate: z.string(),
      seed: z.int().nullable().describe('null for a try of a learning rate'),
      learningRate: z.number().nullable().describe('null for a trial'),
      cause: failureCauseSchema.nullable().describe('null if an earlier version recorded it'),
      error: z.string(),
      lastLines: z.array(z.string()).describe('what its process wrote last'),
    }),
  ),
  latency: z.strictObject({ done: z.int(), failed: z.int(), pending: z.int() }).describe('candidates'),
  latencyRounds: progressSchema.shape.latency.describe('of the measurement that goes on'),
  secondsLeft: z.number().nullable().describe('of the trainings'),
  missingLines: z.int().describe('that the journal has lost: what they recorded does not count'),
  lastEventAt: z.string(),
});

const cachedResult = z.strictObject({
  key: z.string().describe('hash of everything that decides the numbers of the training'),
  bytes: z.int(),
  state: z.enum(['usable', 'of elsewhere', 'damaged']),
  problem: z.string().nullable().describe('of a damaged one'),
  from: originSchema.nullable(),
  training: z
    .strictObject({
      kind: z.enum(['trial', 'try']),
      seed: z.int(),
      learningRate: z.number(),
      epochs: z.int(),
      seconds: z.number().describe('of training'),
      network: z.string().describe('fingerprint of the training graph'),
      engine: z.string(),
    })
    .nullable(),
});

export const cacheListContract = z.strictObject({ folder: z.string(), results: z.array(cachedResult) });

export const cachePruneContract = z.strictObject({
  folder: z.string(),
  deleted: z.int(),
  kept: z.int(),
  freedBytes: z.int(),
});
