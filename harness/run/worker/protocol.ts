/** What a run and its worker processes say to each other: one job in, progress and one outcome out. */
import { z } from 'zod';
import { DEVICE_KINDS } from '../../../results/measurement/device.js';
import {
  latencyMeasurementSchema,
  latencyResultSchema,
} from '../../../results/measurement/latency-record.js';
import { modelRecordSchema, sessionSettingsSchema } from '../../../results/model/model-record.js';
import { weightsRecordSchema } from '../../../results/model/weights.js';
import { planSchema } from '../../../results/plan/plan.js';
import { failureCauseSchema, failureDetails } from '../../../results/training/failure.js';
import { epochSchema, trialResultSchema, tryResultSchema } from '../../../results/training/trial.js';

const latencySettingSchema = planSchema.shape.latency;

/** Folder of the run, where training is kept after every epoch, and what latency is measured of. */
const directory = z.string();

/** Folder of the candidates' graphs by fingerprint, where the suite that builds them is on another machine. */
const graphs = z.string().exactOptional();

/** The GPU that it is trained on, of several. */
const gpu = z.int().min(0).exactOptional();

export const jobSchema = z.discriminatedUnion('job', [
  /** To load what the plan's trainings need, and to bring the next one before its first step; the training itself follows. */
  z.strictObject({
    job: z.literal('prepare'),
    plan: planSchema,
    next: z.strictObject({ key: z.string(), directory }).exactOptional(),
  }),
  z.strictObject({
    job: z.literal('trial'),
    plan: planSchema,
    key: z.string(),
    directory,
    graphs,
    gpu,
    learningRate: z.number().exactOptional(),
    /** Where its trained weights go; they are not kept where it is absent. */
    weights: z.strictObject({ file: z.string(), mostBytes: z.number() }).exactOptional(),
  }),
  z.strictObject({ job: z.literal('try'), plan: planSchema, key: z.string(), directory, graphs, gpu }),
  z.strictObject({
    job: z.literal('latency'),
    plan: planSchema,
    directory,
    graphs,
    device: z.strictObject({ kind: z.enum(DEVICE_KINDS), tags: z.array(z.string()) }),
  }),
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
  z.strictObject({
    job: z.literal('step-times'),
    plan: planSchema,
    candidates: z.array(z.string()),
    withinSeconds: z.number(),
  }),
]);

/** What a worker does, and ends with. */
export type Job = Exclude<z.infer<typeof jobSchema>, { job: 'prepare' }>;

export type TrainingJob = Extract<Job, { job: 'trial' | 'try' }>;

export type Preparation = Extract<z.infer<typeof jobSchema>, { job: 'prepare' }>;

const latencyOutcomeSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('done'), result: latencyResultSchema }),
  z.strictObject({ state: z.literal('failed'), error: z.string() }),
]);

/** Latencies of one form of all candidates. */
const formLatencySchema = z.strictObject({
  outcomes: z.array(
    z.strictObject({
      candidate: z.string(),
      outcome: latencyOutcomeSchema,
      /** Where it was exported for the measurement and kept. */
      model: modelRecordSchema.nullable().exactOptional(),
    }),
  ),
  control: z.strictObject({ candidate: z.string(), result: latencyResultSchema }).nullable(),
});

export const workerMessageSchema = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('progress'), done: z.number(), total: z.number() }),
  z.strictObject({ say: z.literal('epoch'), epoch: epochSchema }),
  z.strictObject({
    say: z.literal('trial-done'),
    result: trialResultSchema,
    weights: weightsRecordSchema,
  }),
  z.strictObject({ say: z.literal('try-done'), result: tryResultSchema }),
  z.strictObject({ say: z.literal('try-diverged'), reason: z.string() }),
  z.strictObject({
    say: z.literal('latency-done'),
    measurement: latencyMeasurementSchema,
    ...formLatencySchema.shape,
    /** Where the plan asks for int8. */
    int8: formLatencySchema.exactOptional(),
  }),
  z.strictObject({ say: z.literal('batch-fits'), batch: z.int() }),
  z.strictObject({ say: z.literal('all-batches-fit') }),
  z.strictObject({ say: z.literal('step-time'), candidate: z.string(), seconds: z.number() }),
  z.strictObject({ say: z.literal('steps-timed') }),
  z.strictObject({
    say: z.literal('failed'),
    error: z.string(),
    cause: failureCauseSchema,
    lastLines: failureDetails.lastLines,
  }),
]);

export type WorkerMessage = z.infer<typeof workerMessageSchema>;
