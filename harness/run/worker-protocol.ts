/** What a run and its worker processes say to each other: one job in, progress and one outcome out. */
import { z } from 'zod';
import { modelRecordSchema, sessionSettingsSchema } from '../../results/model-record.js';
import {
  epochSchema,
  latencyMeasurementSchema,
  latencyResultSchema,
  planSchema,
  trialResultSchema,
  tryResultSchema,
} from '../../results/record.js';

const latencySettingSchema = planSchema.shape.latency;

/** Folder of the run, where training is kept after every epoch, and what latency is measured of. */
const directory = z.string();

export const jobSchema = z.discriminatedUnion('job', [
  z.strictObject({
    job: z.literal('trial'),
    plan: planSchema,
    key: z.string(),
    directory,
    learningRate: z.number().exactOptional(),
  }),
  z.strictObject({ job: z.literal('try'), plan: planSchema, key: z.string(), directory }),
  z.strictObject({ job: z.literal('latency'), plan: planSchema, directory }),
  z.strictObject({
    job: z.literal('model-latency'),
    models: z.array(
      z.strictObject({
        name: z.string(),
        file: z.string(),
        input: z.tuple([z.int(), z.int(), z.int()]),
        session: sessionSettingsSchema,
      }),
    ),
    latency: latencySettingSchema,
  }),
  z.strictObject({ job: z.literal('fitting-batch'), plan: planSchema, candidate: z.string() }),
]);

export type Job = z.infer<typeof jobSchema>;

const latencyOutcomeSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('done'), result: latencyResultSchema }),
  z.strictObject({ state: z.literal('failed'), error: z.string() }),
]);

export const workerMessageSchema = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('progress'), done: z.number(), total: z.number() }),
  z.strictObject({ say: z.literal('epoch'), epoch: epochSchema }),
  z.strictObject({ say: z.literal('trial-done'), result: trialResultSchema }),
  z.strictObject({ say: z.literal('try-done'), result: tryResultSchema }),
  z.strictObject({ say: z.literal('try-diverged'), reason: z.string() }),
  z.strictObject({
    say: z.literal('latency-done'),
    measurement: latencyMeasurementSchema,
    outcomes: z.array(
      z.strictObject({
        candidate: z.string(),
        outcome: latencyOutcomeSchema,
        /** Where it was exported for the measurement and kept. */
        model: modelRecordSchema.nullable().exactOptional(),
      }),
    ),
    control: z.strictObject({ candidate: z.string(), result: latencyResultSchema }).nullable(),
  }),
  z.strictObject({ say: z.literal('batch-fits'), batch: z.int() }),
  z.strictObject({ say: z.literal('all-batches-fit') }),
  z.strictObject({
    say: z.literal('failed'),
    error: z.string(),
    /** Whether memory ran out, or the process was killed without a word, as systems do that have none left. */
    outOfMemory: z.boolean(),
  }),
]);

export type WorkerMessage = z.infer<typeof workerMessageSchema>;
