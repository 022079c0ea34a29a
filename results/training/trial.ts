/** What one training leaves behind: of a trial, or of a try of a learning rate. Units are in the field names. */
import { z } from 'zod';
import { int8ResultSchema } from './int8.js';
import { phaseSecondsSchema } from './phases.js';

/** What names a trial. */
export const trialName = { key: z.string(), candidate: z.string(), seed: z.int().min(0) };

/** What names a try of a learning rate. */
export const tryName = { key: z.string(), candidate: z.string(), learningRate: z.number().min(0) };

const share = z.number().min(0).max(1);

/** Nats, seconds and the like. */
const amount = z.number().min(0);

export const epochSchema = z.strictObject({
  epoch: z.int().min(1),
  learningRate: amount,
  trainLoss: amount,
  validationLoss: amount,
  /** Share of validation images classified right, 0..1. */
  validationTop1: share,
  seconds: amount,
});

/**
 * What one epoch reached; losses in nats.
 * @interface
 */
export type EpochRecord = z.infer<typeof epochSchema>;

/** What a candidate reached with one learning rate, on validation alone. */
export const tryResultSchema = z.strictObject({ epochs: z.array(epochSchema).min(1) });

/**
 * What a try of a learning rate reached on validation.
 * @interface
 */
export type TryResult = z.infer<typeof tryResultSchema>;

export const trialResultSchema = z.strictObject({
  /** Peak learning rate of the training. */
  learningRate: amount.optional(),
  epochs: z.array(epochSchema),
  trainSeconds: amount,
  /** Training images per second over the training time, evaluation excluded. */
  trainImagesPerSecond: amount,
  testTop1: share,
  testLoss: amount,
  /** One bit per test image, 1 where classified right, first image in the lowest bit, base64. */
  testCorrect: z.base64(),
  /** Largest difference between the logits of train and deploy form, divided by the largest logit, and what was allowed. */
  deployCheck: z.strictObject({ maxRelativeDifference: amount, tolerance: amount }),
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
  /** Of the same network quantised to int8, where the suite asks for it. */
  int8: int8ResultSchema.optional(),
  /** Why there is no result in int8, where the suite asks for it and quantising or testing failed. */
  int8Failure: z.string().exactOptional(),
  /** Where the wall time of the trial's process went. */
  phaseSeconds: phaseSecondsSchema.optional(),
});

/**
 * What a trial reached.
 * @interface
 */
export type TrialResult = z.infer<typeof trialResultSchema>;
