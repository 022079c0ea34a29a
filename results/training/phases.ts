/** Where the wall time of a trial's process and of the latency measurement went. */
import { z } from 'zod';

/** In the order in which a trial comes to them. */
export const PHASES = [
  /** From the start of the process until it has its job: Node.js and the modules. */
  'start',
  /** Building the candidate's network, and the first weights. */
  'network',
  /** Reading the data set, and checking that it is the planned one. */
  'data',
  /** Building the training model and preparing it for the engine. */
  'session',
  /** Waiting for the images of a step. */
  'loading',
  'steps',
  /** On validation after every epoch, and on test at the end. */
  'evaluation',
  /** Keeping the state of the training after every epoch. */
  'checkpoint',
  /** That the deploy form computes what the training form does. */
  'check',
  /** Calibrating, fine-tuning and testing the int8 form. */
  'int8',
] as const;

/** One of `PHASES`. */
export type Phase = (typeof PHASES)[number];

/** Those that were met. */
export const phaseSecondsSchema = z.partialRecord(z.enum(PHASES), z.number());

/** Seconds of each phase that was met. */
export type PhaseSeconds = Partial<Record<Phase, number>>;

export const latencySecondsSchema = z.strictObject({
  /** Of all contenders, anew in each session. */
  loading: z.number(),
  warmUp: z.number(),
  rounds: z.number(),
});

/** Seconds of each part of a latency measurement. */
export type LatencySeconds = z.infer<typeof latencySecondsSchema>;
