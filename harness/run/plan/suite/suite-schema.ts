/** Suites as they come from files: checked before anything is built. */
import { z } from 'zod';
import type { AnyDefinition, OptionValue } from '../../../../blocks/part.js';
import { BUDGET_METRICS, type BudgetMetric } from '../../../../results/plan/budget-metrics.js';
import { thresholdsSchema } from '../../../../results/plan/thresholds.js';
import { int8SettingSchema } from '../../../../results/training/int8.js';
import { steps } from '../../../../suites/suite.js';
import { FITS } from '../../../data/images/fit.js';
import { recipeSchema } from '../../../recipe/recipe.js';
import { MOST } from '../../../user/limits.js';
import { UserError } from '../../../user/user-error.js';
import { fieldName, isDefinition, oddObject } from './odd-object.js';

const count = (most: number) => z.int().min(1).max(most);

/** Some of it names files. */
const text = () =>
  z
    .string()
    .max(MOST.text)
    .refine((given) => !given.includes('\0'), 'a character of code 0, which no file has in its name');

const definition = z.custom<AnyDefinition>(isDefinition);

/** Checked further by the part that the option belongs to. */
const optionValue: z.ZodType<OptionValue> = z.lazy(() =>
  z.union(
    [
      text(),
      z.number(),
      z.boolean(),
      z.array(z.number()).max(MOST.values),
      z.strictObject({ id: z.union([text(), definition]), set: settings.exactOptional() }),
      definition,
    ],
    { error: 'a number, text, true or false, a list, or a part' },
  ),
);

const settings: z.ZodType<Readonly<Record<string, OptionValue>>> = z.record(text(), optionValue);

/** One, or a list of one or two; a list once it is read. */
const oneOrTwo = <T>(schema: z.ZodType<T>) =>
  z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(schema).min(1).max(2));

const valueList = z.array(z.number()).min(1).max(MOST.values).readonly();

/** Values in equal steps, both ends included. */
const valueRange = z
  .strictObject({ from: z.number(), to: z.number(), step: z.number().positive() })
  .refine(({ from, to }) => from <= to, 'from is above to')
  .refine(({ from, to, step }) => (to - from) / step < MOST.values, `more than ${MOST.values} values`);

/** A list of numbers, or a range of at most as many; a list once it is read. */
export const knobValues = {
  schema: z.preprocess((given, context) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
    const range = valueRange.safeParse(given);
    if (range.success) return steps(range.data.from, range.data.to, range.data.step);
    for (const { path, message } of range.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  }, valueList),
  forms: [valueList, valueRange],
} as const;

const knobSchema = z.strictObject({ option: text(), values: knobValues.schema });

const candidateSpec = z.strictObject({
  name: z.string().min(1).max(MOST.name),
  network: optionValue.exactOptional(),
  block: optionValue.exactOptional(),
  set: settings.exactOptional(),
  knob: oneOrTwo(knobSchema)
    .refine(([one, two]) => one?.option !== two?.option, 'two knobs vary the same option')
    .exactOptional(),
  init: text().exactOptional().describe('safetensors file of weights to start training from'),
  factors: z.record(text(), text()).exactOptional(),
});

/** As a share of the target; latencies are measured, and differ from one measurement to the next. */
export const DEFAULT_TOLERANCE: Readonly<Record<BudgetMetric, number>> = {
  params: 0.02,
  macs: 0.02,
  'peak-memory': 0.02,
  latency: 0.05,
};

const budgetSchema = z
  .strictObject({
    metric: z.enum(BUDGET_METRICS),
    target: z.number().positive(),
    tolerance: z.number().min(0).max(1).exactOptional(),
  })
  .transform((budget) => ({ tolerance: DEFAULT_TOLERANCE[budget.metric], ...budget }));

const distinct = (values: readonly number[]): boolean => new Set(values).size === values.length;

export const tuningSchema = z.strictObject({
  learningRates: z
    .array(z.number().positive())
    .min(2)
    .max(MOST.values)
    .refine(distinct, 'two of the rates are equal'),
  epochs: count(MOST.epochs).exactOptional().describe("epochs per try; by default the recipe's"),
});

export const suiteSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+([-/][a-z0-9]+)*$/, 'lower-case words joined by hyphens or slashes')
    .max(MOST.name),
  title: text(),
  question: text(),
  skeleton: settings,
  data: z.strictObject({
    dataset: text().describe('a data set of `lightbench list datasets`'),
    path: text().exactOptional().describe('where its files are, relative to this file'),
    size: count(MOST.pixels),
    fit: z.enum(FITS).exactOptional(),
    trainImages: count(MOST.trainImages).exactOptional(),
  }),
  recipe: recipeSchema,
  tuning: tuningSchema.exactOptional(),
  seeds: count(MOST.seeds),
  int8: int8SettingSchema
    .exactOptional()
    .describe('quantise every trained network to int8, test it, and measure its latency'),
  budget: oneOrTwo(budgetSchema)
    .refine(([one, two]) => one?.metric !== two?.metric, 'two budgets on the same metric')
    .refine(
      (budgets) => budgets.length === 1 || budgets.every(({ metric }) => metric !== 'latency'),
      'a latency budget cannot be combined with another',
    )
    .exactOptional(),
  latency: z
    .strictObject({
      batch: count(MOST.batch).default(1),
      threads: count(MOST.threads).default(1),
      sessions: count(MOST.sessions).default(12).describe('maximum number of sessions'),
      rounds: count(MOST.rounds).default(240).describe('rounds, over all sessions together'),
    })
    .refine(
      ({ sessions, rounds }) => rounds >= sessions,
      'fewer rounds than sessions (default 12): every session needs at least one',
    )
    .prefault({}),
  thresholds: thresholdsSchema.prefault({}),
  claims: z.array(text()).max(MOST.values).default([]),
  candidates: z
    .array(candidateSpec)
    .min(1)
    .max(MOST.candidates)
    .refine(
      (all) => new Set(all.map(({ name }) => name)).size === all.length,
      'two candidates have the same name',
    )
    .refine(
      (all) => all.every(({ init }) => (init === undefined) === (all[0]?.init === undefined)),
      'some candidates start from a file of weights (init) and others do not: that compares weights, not networks',
    )
    .refine(
      (all) => all.every(({ init, knob }) => init === undefined || knob === undefined),
      'a candidate that starts from a file of weights (init) has no knob, which would change its shapes',
    ),
});

export type Suite = z.infer<typeof suiteSchema>;

export type Budget = z.infer<typeof budgetSchema>;

export type SuiteCandidate = Suite['candidates'][number];

export type Knob = Readonly<z.infer<typeof knobSchema>>;

const member = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** Only what is short enough to be read in a sentence. */
const heldText = (value: unknown): string => {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return '';
  const shown = JSON.stringify(value);
  return `, got ${shown.length > 60 ? `${shown.slice(0, 60)}...` : shown}`;
};

/** Where a field stands in its file, for example ` (line 3, column 5)`; nothing where that is not known. */
export type PlaceOf = (path: readonly PropertyKey[]) => string;

/** Throws UserError naming the field, what it holds and what is expected. */
export const checkSuite = (spec: unknown, where: string, placeOf: PlaceOf = () => ''): Suite => {
  const odd = oddObject(spec);
  if (odd !== null) throw malformed(where, [odd]);
  const result = suiteSchema.safeParse(spec);
  if (result.success) return result.data;
  throw malformed(
    where,
    result.error.issues.map(({ path: read, message }) => {
      const path = asWritten(read, spec);
      return `${fieldName(path)}: ${message}${heldText(path.reduce(member, spec))}${placeOf(path)}`;
    }),
  );
};

/** Without the places in lists that the suite does not have: one knob is read as a list of one. */
const asWritten = (path: readonly PropertyKey[], spec: unknown): readonly PropertyKey[] => {
  const written: PropertyKey[] = [];
  for (const key of path) {
    if (typeof key !== 'number' || Array.isArray(written.reduce(member, spec))) written.push(key);
  }
  return written;
};

const malformed = (where: string, problems: readonly string[]): UserError =>
  new UserError(
    `${where} is not a suite: ${problems.join('; ')}.`,
    'A suite file must export defineSuite({ id, title, question, skeleton, data, recipe, seeds, candidates }) as its default, or hold the same fields in YAML or JSON; see docs/suites.md.',
  );
