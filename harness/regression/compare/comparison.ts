/** What a comparison says, ready to be shown. Other programs read it: fields are only ever added. */
import { z } from 'zod';
import { costRowSchema } from '../../../results/model/cost-rows.js';

export const RULES = ['costs', 'latency', 'accuracy'] as const;

export type Rule = (typeof RULES)[number];

const side = z.strictObject({
  name: z.string().describe('folder, suite or catalogue'),
  kind: z.enum(['run', 'baseline', 'code']),
  commit: z.string().nullable(),
  uncommitted: z.literal(true).exactOptional().describe('files of the commit were changed'),
  lightbench: z.string().describe('version'),
  at: z.iso.datetime(),
});

const form = z.enum(['train', 'deploy']);

export const COST_METRICS = ['params', 'macs', 'flops', 'activationBytes'] as const;

const costChange = z.strictObject({
  form,
  metric: z.enum(COST_METRICS),
  before: z.int(),
  after: z.int(),
});

export type CostChange = z.infer<typeof costChange>;

const operationChange = z.strictObject({
  form,
  path: z.string(),
  before: costRowSchema.nullable().describe('null if the operation was added'),
  after: costRowSchema.nullable().describe('null if it was removed'),
});

export type OperationChange = z.infer<typeof operationChange>;

const costEntry = z.strictObject({
  name: z.string(),
  state: z
    .enum(['worse', 'better', 'changed'])
    .describe('worse: any cost increased; changed: a different network with equal costs'),
  selection: z.tuple([z.string(), z.string()]).describe('before and after'),
  totals: z.array(costChange).describe('totals that differ'),
  operations: z
    .array(operationChange)
    .nullable()
    .describe('in execution order, the cause first; null if one side did not keep them'),
  unmerged: z.array(z.string()).describe('operations that the deploy form no longer merges or folds'),
});

export type CostEntry = z.infer<typeof costEntry>;

const costComparison = z.strictObject({
  entries: z.array(costEntry).describe('entries that differ'),
  equal: z.array(z.string()),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});

export type CostComparison = z.infer<typeof costComparison>;

const interval = z.tuple([z.number(), z.number()]);

const verdict = z.strictObject({
  name: z.string(),
  state: z.enum(['better', 'worse', 'tie', 'undecided']),
  effect: z.number().describe('latency: ratio after / before - 1; accuracy: difference of shares'),
  interval: interval.describe('corrected for all entries'),
  threshold: z.number(),
  needed: z
    .strictObject({
      unit: z.enum(['seeds', 'rounds']),
      count: z.int(),
      isLeast: z
        .literal(true)
        .optional()
        .describe('one side has a single one, which decides and predicts nothing'),
    })
    .nullable()
    .describe('what would probably decide it'),
});

export type EntryVerdict = z.infer<typeof verdict>;

const measuredEntry = z.discriminatedUnion('state', [
  verdict.extend({
    before: z.number().describe('latency: median ms measured now; accuracy: share'),
    after: z.number(),
    stored: z.number().nullable().describe('ms recorded in the baseline: context, not evidence'),
  }),
  z.strictObject({
    name: z.string(),
    state: z.literal('identical').describe('same model and options; every image classified the same'),
  }),
  z.strictObject({ name: z.string(), state: z.literal('not-comparable'), reason: z.string() }),
  z.strictObject({
    name: z.string(),
    state: z.literal('broken').describe('it ran or trained in the baseline, and fails now: a regression'),
    reason: z.string(),
  }),
]);

export type MeasuredEntry = z.infer<typeof measuredEntry>;

const measuredComparison = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('compared'),
    entries: z.array(measuredEntry),
    noiseFloor: z
      .number()
      .nullable()
      .describe('noise floor: largest apparent difference of a model from itself, ratio - 1'),
    notes: z.array(z.string()),
  }),
  z.strictObject({ state: z.literal('not-comparable'), reasons: z.array(z.string()) }),
]);

export type MeasuredComparison = z.infer<typeof measuredComparison>;

export const comparisonSchema = z.strictObject({
  baseline: side,
  current: side,
  state: z
    .enum(['regression', 'undecided', 'passed'])
    .describe(
      'regression: something is decidedly worse, broken or gone; undecided: nothing is, and something may be',
    ),
  regressions: z.array(z.strictObject({ rule: z.enum(RULES), name: z.string() })),
  undecided: z
    .array(z.strictObject({ rule: z.enum(RULES), name: z.string() }))
    .describe('including entries that could not be compared'),
  gone: z
    .array(z.string())
    .describe('entries of the baseline that no longer exist, except those allowed to be gone'),
  costs: costComparison.nullable().describe('null if not requested'),
  latency: measuredComparison.nullable(),
  accuracy: measuredComparison.nullable(),
});

/**
 * A baseline beside what there is now: costs are exact, latency and accuracy have intervals.
 * @interface
 */
export type Comparison = z.infer<typeof comparisonSchema>;
