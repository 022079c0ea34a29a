/**
 * The schema of every line of `journal.jsonl`. A journal is append-only; the state of a run is what its lines say, read in order.
 * Units are in the field names.
 */
import { z } from 'zod';
import { latencyMeasurementSchema, latencyResultSchema } from '../measurement/latency-record.js';
import { modelRecordSchema } from '../model/model-record.js';
import { weightsRecordSchema } from '../model/weights.js';
import { SCHEMA_VERSION } from '../plan/plan.js';
import { failureDetails } from '../training/failure.js';
import { originSchema } from '../training/origin.js';
import { trialName, trialResultSchema, tryName, tryResultSchema } from '../training/trial.js';

const at = { at: z.iso.datetime() };

/** Id of the device that was measured; absent where it is the run's own. */
const device = { device: z.string().optional() };

/** Where the result was not made by the run itself. */
const from = { from: originSchema.exactOptional() };

const eventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('run-started'),
    schema: z.literal(SCHEMA_VERSION),
    suite: z.string(),
    planKey: z.string(),
    ...at,
  }),
  z.strictObject({ event: z.literal('try-started'), ...tryName, ...at }),
  z.strictObject({ event: z.literal('try-done'), ...tryName, result: tryResultSchema, ...from, ...at }),
  /** The loss was not finite: the rate is out. */
  z.strictObject({ event: z.literal('try-diverged'), ...tryName, reason: z.string(), ...at }),
  /** Anything else that went wrong: nothing is known about the rate. */
  z.strictObject({ event: z.literal('try-failed'), ...tryName, error: z.string(), ...failureDetails, ...at }),
  z.strictObject({ event: z.literal('trial-started'), ...trialName, ...at }),
  z.strictObject({
    event: z.literal('trial-done'),
    ...trialName,
    result: trialResultSchema,
    /** Where workers train: the machine, and how often another one was lost before. */
    machine: z.string().optional(),
    lost: z.int().positive().optional(),
    /** Absent in journals of versions that kept no weights. */
    weights: weightsRecordSchema.exactOptional(),
    ...from,
    ...at,
  }),
  z.strictObject({
    event: z.literal('trial-failed'),
    ...trialName,
    error: z.string(),
    ...failureDetails,
    ...at,
  }),
  /** Precedes the results of the measurement. */
  z.strictObject({
    event: z.literal('latency-measured'),
    measurement: latencyMeasurementSchema,
    ...device,
    ...at,
  }),
  z.strictObject({
    event: z.literal('latency-done'),
    candidate: z.string(),
    result: latencyResultSchema,
    /** The model that was measured, kept in the run's folder; absent where the engine runs no ONNX files. */
    model: modelRecordSchema.optional(),
    ...device,
    ...at,
  }),
  z.strictObject({
    event: z.literal('latency-failed'),
    candidate: z.string(),
    /** Absent where it is the deploy form that failed. */
    form: z.literal('int8').exactOptional(),
    error: z.string(),
    ...device,
    ...at,
  }),
  /** The A/A control: the candidate measured a second time in the same rounds, as if it were another. */
  z.strictObject({
    event: z.literal('latency-control-done'),
    candidate: z.string(),
    result: latencyResultSchema,
    ...device,
    ...at,
  }),
  z.strictObject({ event: z.literal('run-finished'), ...at }),
]);

/** Earlier versions called the events of a try `tuning-started` and so on. */
export const journalEventSchema = z.preprocess((event) => {
  if (typeof event !== 'object' || event === null || !('event' in event)) return event;
  const { event: name } = event;
  return typeof name === 'string' ? { ...event, event: name.replace(/^tuning-/, 'try-') } : event;
}, eventSchema);

export type JournalEvent = z.infer<typeof journalEventSchema>;
