/** How networks are quantised to int8, and what a trial's network is worth then. */
import { z } from 'zod';

/** How the range of an activation is found on calibration images. */
export const CALIBRATIONS = ['min-max', 'percentile', 'entropy', 'mse'] as const;

/** One of `CALIBRATIONS`. */
export type Calibration = (typeof CALIBRATIONS)[number];

/** Whether every output channel of a kernel has a scale of its own. */
export const WEIGHT_SCALES = ['per-channel', 'per-tensor'] as const;

/** One of `WEIGHT_SCALES`. */
export type WeightScale = (typeof WEIGHT_SCALES)[number];

/** Fewer say little about a range. */
export const LEAST_CALIBRATION_IMAGES = 16;

/** The most epochs of fine-tuning. */
const MOST_FINE_TUNING = 1000;

const fineTuningSchema = z.strictObject({
  epochs: z.int().min(1).max(MOST_FINE_TUNING),
  /** At its first step; by default a hundredth of the recipe's. */
  learningRate: z.number().positive().exactOptional(),
});

/**
 * How a network is trained on under the rounding of its int8 form.
 * @interface
 */
export type FineTuning = z.infer<typeof fineTuningSchema>;

export const int8SettingSchema = z.strictObject({
  calibration: z.enum(CALIBRATIONS).default('min-max'),
  /** Of the training split. */
  images: z.int().min(LEAST_CALIBRATION_IMAGES).max(100_000).default(256),
  weights: z.enum(WEIGHT_SCALES).default('per-channel'),
  /** Cross-layer equalisation of the weights before ranges are found; absent where there is none, as in older plans. */
  equalise: z.literal(true).exactOptional(),
  /** Mean errors of channels, on the calibration images, are taken off the biases; absent where they are not, as in older plans. */
  correctBias: z.literal(true).exactOptional(),
  /** Quantisation-aware fine-tuning after both corrections; absent where there is none, as in older plans. */
  fineTune: fineTuningSchema.exactOptional(),
});

/**
 * How networks are quantised: the same for all candidates of a suite.
 * @interface
 */
export type Int8Setting = z.infer<typeof int8SettingSchema>;

/** What is done beside finding ranges, for example `equalised`, in this order. */
export const int8Corrections = ({ equalise, correctBias, fineTune }: Int8Setting): readonly string[] => [
  ...(equalise ? ['equalised'] : []),
  ...(correctBias ? ['bias-corrected'] : []),
  ...(fineTune ? [`fine-tuned for ${fineTuningWords(fineTune)}`] : []),
];

/** For example `2 epochs from a learning rate of 0.001`. */
export const fineTuningWords = ({ epochs, learningRate }: FineTuning): string =>
  `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}${learningRate === undefined ? '' : ` from a learning rate of ${learningRate}`}`;

/** What calibration met that is out of the ordinary, and how it was dealt with. */
export const quantisationNoteSchema = z.discriminatedUnion('kind', [
  /** Output channels whose weights are all zero: they give their bias. */
  z.strictObject({ kind: z.literal('zero-weights'), path: z.string(), channels: z.int().min(1) }),
  /** A value that is zero on every calibration image: it stays zero. */
  z.strictObject({ kind: z.literal('zero-activation'), path: z.string() }),
]);

/** What calibration met that is out of the ordinary. */
export type QuantisationNote = z.infer<typeof quantisationNoteSchema>;

/** An operation that is computed in float32 in the int8 form. */
export const floatOperationSchema = z.strictObject({
  path: z.string(),
  op: z.string(),
  reason: z.string(),
});

/**
 * An operation that stays in float32 in the int8 form, and why.
 * @interface
 */
export type FloatOperation = z.infer<typeof floatOperationSchema>;

export const int8ResultSchema = z.strictObject({
  testTop1: z.number().min(0).max(1),
  /** Nats. */
  testLoss: z.number().min(0),
  /** As that of the float form, bit for bit about the same images. */
  testCorrect: z.base64(),
  /** Of weights in int8, biases in int32, and the scales of weights in float32. */
  weightBytes: z.int().min(0),
  floatOperations: z.array(floatOperationSchema),
  notes: z.array(quantisationNoteSchema).optional(),
});

/**
 * What a trial's network is worth in int8.
 * @interface
 */
export type Int8Result = z.infer<typeof int8ResultSchema>;
