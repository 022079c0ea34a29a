/** `progress.json`: what a run is doing now, for whoever asks from outside. It lies in the folder only while the run goes on. */
import { z } from 'zod';

const runningSchema = z.strictObject({
  candidate: z.string(),
  /** Null for a try of a learning rate. */
  seed: z.int().nullable(),
  /** Null for a trial. */
  learningRate: z.number().nullable(),
  /** Epochs that are done; null where that is not told. */
  epochs: z.int().nullable(),
  /** Of the training, 0..1. */
  share: z.number().min(0).max(1),
  since: z.iso.datetime(),
  /** The machine; null for that of the run's own process. */
  where: z.string().nullable(),
});

/**
 * A training that goes on.
 * @interface
 */
export type RunningTraining = z.infer<typeof runningSchema>;

export const progressSchema = z.strictObject({
  at: z.iso.datetime(),
  running: z.array(runningSchema),
  /** Of all trainings, 0..1. */
  share: z.number().min(0).max(1),
  /** Of the trainings; null while unknown. */
  secondsLeft: z.number().nullable(),
  /** Rounds; null before the latency measurement. */
  latency: z.strictObject({ done: z.int(), total: z.int() }).nullable(),
});

/**
 * What a run is doing now.
 * @interface
 */
export type Progress = z.infer<typeof progressSchema>;
