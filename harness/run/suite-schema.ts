/** Suites as they come from files: checked before anything is built. */
import { z } from 'zod';
import type { OptionValue } from '../../blocks/define.js';
import { thresholdsSchema } from '../../results/thresholds.js';
import { recipeSchema } from '../train/recipe.js';
import { UserError } from '../user-error.js';

const count = () => z.int().min(1);

/** Checked by the part that the option belongs to. */
const optionValue = z.custom<OptionValue>(
  (value) => value !== undefined && value !== null && typeof value !== 'function',
  {
    error: 'a number, text, true or false, a list, or a part',
  },
);

const settings = z.record(z.string(), optionValue);

const candidateSpec = z.strictObject({
  name: z.string().min(1),
  network: optionValue.exactOptional(),
  block: optionValue.exactOptional(),
  set: settings.exactOptional(),
  knob: z.strictObject({ option: z.string(), values: z.array(z.number()).min(1) }).exactOptional(),
  factors: z.record(z.string(), z.string()).exactOptional(),
});

/** As a share of the target; latencies are measured, and differ from one measurement to the next. */
export const DEFAULT_TOLERANCE = { params: 0.02, macs: 0.02, latency: 0.05 } as const;

export const budgetSchema = z
  .strictObject({
    metric: z.enum(['params', 'macs', 'latency']),
    target: z.number().positive(),
    tolerance: z.number().min(0).max(1).exactOptional(),
  })
  .transform((budget) => ({ tolerance: DEFAULT_TOLERANCE[budget.metric], ...budget }));

const distinct = (values: readonly number[]): boolean => new Set(values).size === values.length;

export const tuningSchema = z.strictObject({
  learningRates: z.array(z.number().positive()).min(2).refine(distinct, 'two of the rates are equal'),
  epochs: count().exactOptional().describe("of a try; by default the recipe's"),
});

export const suiteSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+([-/][a-z0-9]+)*$/, 'lower-case words joined by hyphens or slashes'),
  title: z.string(),
  question: z.string(),
  skeleton: settings,
  data: z.strictObject({ dataset: z.string(), size: count(), trainImages: count().exactOptional() }),
  recipe: recipeSchema,
  tuning: tuningSchema.exactOptional(),
  seeds: count(),
  budget: budgetSchema.exactOptional(),
  latency: z
    .strictObject({
      batch: count().default(1),
      threads: count().default(1),
      sessions: count().default(12).describe('the most there will be'),
      rounds: count().default(120).describe('rounds over all sessions'),
    })
    .refine(
      ({ sessions, rounds }) => rounds >= sessions,
      'fewer rounds than sessions (12, if it does not say): every session needs one',
    )
    .prefault({}),
  thresholds: thresholdsSchema.prefault({}),
  claims: z.array(z.string()).default([]),
  candidates: z
    .array(candidateSpec)
    .min(1)
    .refine(
      (all) => new Set(all.map(({ name }) => name)).size === all.length,
      'two candidates have the same name',
    ),
});

export type Suite = z.infer<typeof suiteSchema>;

export type Budget = NonNullable<Suite['budget']>;

export type SuiteCandidate = Suite['candidates'][number];

export type Knob = NonNullable<SuiteCandidate['knob']>;

const member = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** Only what is short enough to be read in a sentence. */
const heldText = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? `, and it is ${JSON.stringify(value)}` : '';

/** Throws UserError naming the field, what it holds and what is expected. */
export const checkSuite = (spec: unknown, where: string): Suite => {
  const result = suiteSchema.safeParse(spec);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => {
    const field = path.length === 0 ? 'the suite' : path.join('.');
    return `${field}: ${message}${heldText(path.reduce(member, spec))}`;
  });
  throw new UserError(
    `${where} is not a suite: ${problems.join('; ')}.`,
    'A suite file exports defineSuite({ id, title, question, skeleton, data, recipe, seeds, candidates }) as its default; see docs/suites.md.',
  );
};
