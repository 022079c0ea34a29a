/** `suite.json`: everything that a run does, decided before anything is trained. */
import { z } from 'zod';
import { int8SettingSchema } from '../training/int8.js';
import { trialName, tryName } from '../training/trial.js';
import { candidateSchema } from './candidate.js';
import { thresholdsSchema } from './thresholds.js';

export const SCHEMA_VERSION = 1;

/** Everything two trials must share to be compared. */
export const conditionsSchema = z.strictObject({
  dataset: z.strictObject({
    id: z.string(),
    contentHash: z.string(),
    trainImages: z.int().min(1),
    validationImages: z.int().min(0),
    testImages: z.int().min(0),
    classes: z.int().min(1),
    /** By which rule images of sizes of their own are decoded and scaled; absent where they have one size, and in older plans. */
    decoding: z.string().optional(),
  }),
  input: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
  /** How images of one size come to the input's; where absent, they are padded with black. */
  fit: z.enum(['scale', 'crop']).optional(),
  recipe: z.record(z.string(), z.unknown()),
  engine: z.strictObject({ id: z.string(), version: z.string(), device: z.string() }),
  trainThreads: z.int().min(1),
  /** Learning rates of which a candidate's trials take the one that did best on validation; where absent, they take the recipe's. */
  tuning: z.strictObject({ learningRates: z.array(z.number()), epochs: z.int(), seed: z.int() }).optional(),
  /** How every trial's network is quantised and tested in int8 as well; absent where it is not. */
  int8: int8SettingSchema.optional(),
});

/**
 * What two trials must share to be compared.
 * @interface
 */
export type Conditions = z.infer<typeof conditionsSchema>;

/** The engine and device that networks are timed by, where these are not timed in int8, though tested in it: only onnxruntime on the CPU is. */
export const untimedInInt8 = ({
  engine: { id: engine, device },
  int8,
}: Conditions): { readonly engine: string; readonly device: string } | null =>
  int8 === undefined || (engine === 'onnxruntime' && device === 'cpu') ? null : { engine, device };

const isDistinct = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

const distinctKeys = (named: readonly { readonly key: string }[]): boolean =>
  isDistinct(named.map(({ key }) => key));

const distinctSeeds = (trials: readonly { readonly candidate: string; readonly seed: number }[]): boolean =>
  isDistinct(trials.map(({ candidate, seed }) => `${seed} ${candidate}`));

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
  tries: z.array(z.strictObject(tryName)).refine(distinctKeys, 'two tries have the same key').optional(),
  trials: z
    .array(z.strictObject(trialName))
    .refine(distinctKeys, 'two trials have the same key')
    .refine(distinctSeeds, 'two trials of one candidate have the same seed'),
  latency: z.strictObject({
    batch: z.int().min(1),
    threads: z.int().min(1),
    sessions: z.int().min(1),
    rounds: z.int().min(1),
  }),
  /** Where the images came from, and by what each channel was normalised; absent in plans of earlier versions. */
  data: z
    .strictObject({
      /** As the suite says; absent where it says nothing. */
      path: z.string().optional(),
      mean: z.array(z.number()),
      deviation: z.array(z.number()),
    })
    .optional(),
  /** Where not all candidates of the suite were asked for: the pattern of their names. */
  only: z.string().optional(),
  /** Absent in runs of versions that had the default ones alone. */
  thresholds: thresholdsSchema.optional(),
  /** Where seeds are added after looks at the accuracies: the seeds of the first look, and the most of a candidate. */
  untilDecided: z
    .strictObject({
      firstSeeds: z.int(),
      maxSeeds: z.int(),
      /** What all trainings may take. */
      timeBudgetSeconds: z.number().positive().optional(),
      /**
       * The looks after which trials were added: each saw the first so many trials of the plan, but those that had failed by then (by their
       * keys). The last look, at all trials, is not among them. Absent in plans of versions that looked twice, at half the level each.
       */
      looks: z.array(z.strictObject({ trials: z.int(), failed: z.array(z.string()) })).optional(),
    })
    .optional(),
});

/**
 * `suite.json`: everything that a run does, decided before anything is trained.
 * @interface
 */
export type Plan = z.infer<typeof planSchema>;
