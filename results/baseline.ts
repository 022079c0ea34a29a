/**
 * A baseline: what later code is compared with, in a small folder that can be committed.
 *
 *   baseline.json       what it was made of, where and when; every entry with its totals
 *   costs/<entry>.json  one line an operation
 *   accuracy.json       which test images every trial classified right, where it was made of a run
 *   models/<hash>.onnx  deploy models to time against; large ones are kept outside git
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fileError } from '../harness/files/system-error.js';
import { UserError } from '../harness/user/user-error.js';
import { COSTS, type OperationCosts, parseOperationCosts } from './model/cost-rows.js';
import { modelRecordSchema } from './model/model-record.js';
import { parseRecord } from './parse.js';
import { conditionsSchema, planSchema, SCHEMA_VERSION } from './plan/plan.js';
import { thresholdsSchema } from './plan/thresholds.js';
import { environmentSchema } from './run/environment.js';

export const BASELINE_FILES = { baseline: 'baseline.json', accuracy: 'accuracy.json' } as const;

const totals = z.strictObject({ params: z.int(), macs: z.int(), flops: z.int(), activationBytes: z.int() });

const knobSchema = z.strictObject({ option: z.string(), value: z.number() });

/** A network, a block or an operator at one place. */
const entrySchema = z.strictObject({
  name: z.string(),
  /** The part with all options that were given. */
  selection: z.string(),
  input: z.tuple([z.int(), z.int(), z.int()]),
  /** Of a network in a suite. */
  classes: z.int().optional(),
  /** Where a budget search chose the value of an option: later code is built with the same. */
  knob: knobSchema.optional(),
  /** Where two budgets were met at once. */
  secondKnob: knobSchema.optional(),
  /** Hash of the training graph. */
  fingerprint: z.string(),
  train: totals,
  deploy: totals,
  /** File with the costs of every operation; absent where the run it was made of did not keep them. */
  costs: z
    .string()
    .regex(/^[^/\\]+\.json$/, 'the name of a file in costs/')
    .optional(),
  model: modelRecordSchema.optional(),
  /** What was measured then. It is told, and never compared with. */
  latencyMs: z.strictObject({ median: z.number(), interval95: z.tuple([z.number(), z.number()]) }).optional(),
});

export type BaselineEntry = z.infer<typeof entrySchema>;

export const baselineSchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  savedAt: z.iso.datetime(),
  /** `catalogue`, a built-in suite, or the file of a suite relative to this folder, which begins with a dot. */
  source: z.string(),
  /** Whether it was built from code or made of a run. */
  madeOf: z.enum(['code', 'run']),
  /** Where it was built, or where the run was. */
  environment: environmentSchema,
  /** Id of the suite's data set; absent where there is no suite, and in baselines of former versions. */
  dataset: z.string().optional(),
  /** How models are measured; absent where there are none. */
  latency: planSchema.shape.latency.optional(),
  /** What is told as no change; absent where nothing is measured. */
  thresholds: thresholdsSchema.optional(),
  entries: z.array(entrySchema),
});

/**
 * `baseline.json`: what later code is compared with.
 * @interface
 */
export type Baseline = z.infer<typeof baselineSchema>;

export const accuracySchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  conditions: conditionsSchema,
  trials: z.array(
    z.strictObject({
      candidate: z.string(),
      seed: z.int(),
      /** One bit a test image, 1 where classified right, first image in the lowest bit, base64. */
      testCorrect: z.string(),
    }),
  ),
});

export type BaselineAccuracy = Omit<z.infer<typeof accuracySchema>, 'schema'>;

const REMEDY =
  'Only lightbench writes this file: restore it from version control, or save the baseline again.';

/** Throws UserError naming file and field where the folder holds no baseline, or a damaged one. */
export const readBaseline = async (folder: string): Promise<Baseline> =>
  parseRecord(
    baselineSchema,
    await read(folder, BASELINE_FILES.baseline),
    join(folder, BASELINE_FILES.baseline),
    REMEDY,
  );

/** Throws UserError where the file is missing or damaged. */
export const readBaselineAccuracy = async (folder: string): Promise<BaselineAccuracy> =>
  parseRecord(
    accuracySchema,
    await read(folder, BASELINE_FILES.accuracy),
    join(folder, BASELINE_FILES.accuracy),
    REMEDY,
  );

/**
 * Costs by operation, from the folder of a baseline or a run. Throws UserError where the file is missing or damaged, or does not add up
 * to the totals.
 */
export const readCosts = async (
  folder: string,
  file: string,
  expected: Readonly<
    Record<'train' | 'deploy', { readonly params: number; readonly macs: number; readonly flops: number }>
  >,
): Promise<OperationCosts> => {
  const where = join(folder, COSTS, file);
  const costs = parseOperationCosts(await read(folder, join(COSTS, file)), where, REMEDY);
  for (const form of ['train', 'deploy'] as const) {
    for (const metric of ['params', 'macs', 'flops'] as const) {
      const sum = costs[form].reduce((total, row) => total + row[metric], 0);
      if (sum === expected[form][metric]) continue;
      throw new UserError(
        `${where}: ${form}: ${metric} of the operations add up to ${sum}, but ${expected[form][metric]} is recorded.`,
        REMEDY,
      );
    }
  }
  return costs;
};

const read = async (folder: string, file: string): Promise<string> => {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (error) {
    throw fileError(error, { path: join(folder, file), use: 'read', remedy: REMEDY });
  }
};
