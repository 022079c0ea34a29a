/**
 * What a run leaves behind: the schema of every line of `journal.jsonl`. A journal is append-only; the state of a run is what
 * its lines say, read in order. Units are in the field names.
 */
import { z } from 'zod';
import { candidateSchema } from './candidate.js';
import { type Environment, environmentSchema } from './environment.js';
import {
  type LatencyMeasurementRecord,
  type LatencyResult,
  latencyMeasurementSchema,
  latencyResultSchema,
} from './latency-record.js';
import { type ModelRecord, modelRecordSchema } from './model-record.js';
import { thresholdsSchema } from './thresholds.js';

export type { CandidateRecord, ChannelOperatorRecord } from './candidate.js';
export type { LatencyConditions, MachineState } from './latency-record.js';
export {
  type Environment,
  environmentSchema,
  type LatencyMeasurementRecord,
  type LatencyResult,
  latencyMeasurementSchema,
  latencyResultSchema,
};

export const SCHEMA_VERSION = 1;

/** Everything two trials must share to be compared. */
export const conditionsSchema = z.strictObject({
  dataset: z.strictObject({
    id: z.string(),
    contentHash: z.string(),
    trainImages: z.int(),
    validationImages: z.int(),
    testImages: z.int(),
    classes: z.int(),
  }),
  input: z.tuple([z.int(), z.int(), z.int()]),
  recipe: z.record(z.string(), z.unknown()),
  engine: z.strictObject({ id: z.string(), version: z.string(), device: z.string() }),
  trainThreads: z.int(),
  /** Learning rates of which a candidate's trials take the one that did best on validation; where absent, they take the recipe's. */
  tuning: z.strictObject({ learningRates: z.array(z.number()), epochs: z.int(), seed: z.int() }).optional(),
});

export type Conditions = z.infer<typeof conditionsSchema>;

export const epochSchema = z.strictObject({
  epoch: z.int(),
  learningRate: z.number(),
  trainLoss: z.number(),
  validationLoss: z.number(),
  /** Share of validation images classified right, 0..1. */
  validationTop1: z.number(),
  seconds: z.number(),
});

export type EpochRecord = z.infer<typeof epochSchema>;

const trial = { key: z.string(), candidate: z.string(), seed: z.int() };

const rateTry = { key: z.string(), candidate: z.string(), learningRate: z.number() };

/** What a candidate reached with one learning rate, on validation alone. */
export const tryResultSchema = z.strictObject({ epochs: z.array(epochSchema).min(1) });

export type TryResult = z.infer<typeof tryResultSchema>;

export const trialResultSchema = z.strictObject({
  /** Peak learning rate of the training. */
  learningRate: z.number().optional(),
  epochs: z.array(epochSchema),
  trainSeconds: z.number(),
  /** Training images per second over the training time, evaluation excluded. */
  trainImagesPerSecond: z.number(),
  testTop1: z.number(),
  testLoss: z.number(),
  /** One bit per test image, 1 where classified right, first image in the lowest bit, base64. */
  testCorrect: z.string(),
  /** Largest difference between the logits of train and deploy form, divided by the largest logit, and what was allowed. */
  deployCheck: z.strictObject({ maxRelativeDifference: z.number(), tolerance: z.number() }),
  /** Of the depthwise kernels of the deploy form by their side: the mean share of every tap in the magnitude of its kernel. */
  kernelMagnitudes: z
    .array(
      z.strictObject({
        kernel: z.int(),
        layers: z.int(),
        kernels: z.int(),
        matrix: z.array(z.array(z.number())),
      }),
    )
    .optional(),
});

export type TrialResult = z.infer<typeof trialResultSchema>;

const at = { at: z.iso.datetime() };

export const journalEventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('run-started'),
    schema: z.literal(SCHEMA_VERSION),
    suite: z.string(),
    planKey: z.string(),
    ...at,
  }),
  z.strictObject({ event: z.literal('tuning-started'), ...rateTry, ...at }),
  z.strictObject({ event: z.literal('tuning-done'), ...rateTry, result: tryResultSchema, ...at }),
  /** The loss was not finite: the rate is out. */
  z.strictObject({ event: z.literal('tuning-diverged'), ...rateTry, reason: z.string(), ...at }),
  /** Anything else that went wrong: nothing is known about the rate. */
  z.strictObject({ event: z.literal('tuning-failed'), ...rateTry, error: z.string(), ...at }),
  z.strictObject({ event: z.literal('trial-started'), ...trial, ...at }),
  z.strictObject({ event: z.literal('trial-done'), ...trial, result: trialResultSchema, ...at }),
  z.strictObject({ event: z.literal('trial-failed'), ...trial, error: z.string(), ...at }),
  /** Precedes the results of the measurement. */
  z.strictObject({ event: z.literal('latency-measured'), measurement: latencyMeasurementSchema, ...at }),
  z.strictObject({
    event: z.literal('latency-done'),
    candidate: z.string(),
    result: latencyResultSchema,
    /** The model that was measured, kept in the run's folder; absent where the engine runs no ONNX files. */
    model: modelRecordSchema.optional(),
    ...at,
  }),
  z.strictObject({ event: z.literal('latency-failed'), candidate: z.string(), error: z.string(), ...at }),
  /** The A/A control: the candidate measured a second time in the same rounds, as if it were another. */
  z.strictObject({
    event: z.literal('latency-control-done'),
    candidate: z.string(),
    result: latencyResultSchema,
    ...at,
  }),
  z.strictObject({ event: z.literal('run-finished'), ...at }),
]);

export type JournalEvent = z.infer<typeof journalEventSchema>;

/** `suite.json`: the resolved plan. */
export const planSchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  suite: z.string(),
  title: z.string(),
  question: z.string(),
  /** Built-in id or file path that the trials load again. */
  source: z.string(),
  /** Hash of everything that decides results: a run directory is resumed only with the same key. */
  planKey: z.string(),
  conditions: conditionsSchema,
  candidates: z.array(candidateSchema),
  /** The same candidates at the scale of 224 pixels, for their costs alone. */
  candidatesAt224: z.array(candidateSchema).optional(),
  /** Statements that the report answers, for example `accuracy(repso) > accuracy(depthwise)`. */
  claims: z.array(z.string()),
  /** One training a candidate and learning rate, before the trials. */
  tries: z.array(z.strictObject(rateTry)).optional(),
  trials: z.array(z.strictObject(trial)),
  latency: z.strictObject({ batch: z.int(), threads: z.int(), sessions: z.int(), rounds: z.int() }),
  /** Where not all candidates of the suite were asked for: the pattern of their names. */
  only: z.string().optional(),
  /** Absent in runs of versions that had the default ones alone. */
  thresholds: thresholdsSchema.optional(),
  /**
   * Where seeds are added after a first look at the accuracies: the seeds of the first look, and the most of a candidate. There are
   * two looks then, each at half the level.
   */
  untilDecided: z.strictObject({ firstSeeds: z.int(), maxSeeds: z.int() }).optional(),
});

export type Plan = z.infer<typeof planSchema>;

export type TryState = z.infer<z.ZodObject<typeof rateTry>> &
  (
    | { readonly state: 'pending' }
    | { readonly state: 'done'; readonly result: TryResult }
    | { readonly state: 'diverged'; readonly reason: string }
    | { readonly state: 'failed'; readonly error: string }
  );

export type TrialState =
  | { readonly state: 'pending'; readonly key: string; readonly candidate: string; readonly seed: number }
  | {
      readonly state: 'failed';
      readonly key: string;
      readonly candidate: string;
      readonly seed: number;
      readonly error: string;
    }
  | {
      readonly state: 'done';
      readonly key: string;
      readonly candidate: string;
      readonly seed: number;
      readonly result: TrialResult;
    };

export type LatencyState =
  | { readonly state: 'pending' }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'done'; readonly result: LatencyResult; readonly model?: ModelRecord };

/** A run as analysis and reports see it: the plan and, for every planned trial and candidate, what has become of it. */
export interface Run {
  readonly plan: Plan;
  readonly environment: Environment;
  /** Empty where nothing is tuned. */
  readonly tries: readonly TryState[];
  readonly trials: readonly TrialState[];
  readonly latency: ReadonlyMap<string, LatencyState>;
  /** How latency was measured; null where it has not been, or by a lightbench that did not record it. */
  readonly latencyMeasurement: LatencyMeasurementRecord | null;
  /** The A/A control of the latency measurement, where there is one. */
  readonly latencyControl: { readonly candidate: string; readonly result: LatencyResult } | null;
}
