/** What a search for the commit that made something worse says. Other programs read it: fields are only ever added. */
import { z } from 'zod';
import { comparisonSchema } from '../compare/comparison.js';

/** `costs` is any of params, macs, flops and bytes of activations. */
export const BISECT_METRICS = ['costs', 'params', 'macs', 'flops', 'latency'] as const;

export type BisectMetric = (typeof BISECT_METRICS)[number];

export const commitSchema = z.strictObject({
  hash: z.string(),
  date: z.string().describe('when it was committed, ISO 8601'),
  subject: z.string().describe('first line of its message'),
});

export type Commit = z.infer<typeof commitSchema>;

export const bisectionSchema = z.strictObject({
  source: z.string(),
  metric: z.enum(BISECT_METRICS),
  candidate: z.string().nullable().describe('null: any'),
  state: z
    .enum(['found', 'undecided'])
    .describe('undecided: the first bad commit is firstBad or one of between'),
  lastGood: commitSchema,
  firstBad: commitSchema,
  between: z.array(commitSchema),
  probes: z.array(
    z.strictObject({
      commit: commitSchema,
      state: z.enum(['good', 'bad', 'skipped', 'undecided']),
      reason: z.string().nullable().describe('why it could not be decided'),
    }),
  ),
  change: comparisonSchema.describe('what changed from lastGood to firstBad'),
});

/**
 * The commit that was found, and how.
 * @interface
 */
export type Bisection = z.infer<typeof bisectionSchema>;
