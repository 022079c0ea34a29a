/** Options of a part: checked, and described in words for error messages, help and the catalogue. */
import { z } from 'zod';
import { UserError } from '../harness/user/user-error.js';
import { printValue } from './choice.js';
import type { OptionValue } from './part.js';

export interface OptionDescription {
  readonly name: string;
  readonly summary: string;
  /** For example `a whole number from 1 to 31`. */
  readonly allowed: string;
  /** Absent where the default depends on other options; the summary then says how. */
  readonly default?: unknown;
}

export const describeOptions = (options: z.ZodObject): readonly OptionDescription[] =>
  Object.entries(z.toJSONSchema(options, { io: 'input' }).properties ?? {}).map(([name, schema]) => {
    const rules = typeof schema === 'boolean' ? {} : schema;
    return {
      name,
      summary: rules.description ?? '',
      allowed: allowed(rules),
      ...(rules.default === undefined ? {} : { default: rules.default }),
    };
  });

/**
 * The values that the schema declares, checked and completed by its defaults; other settings are ignored. Throws UserError with
 * the id, the option, its value and what is allowed.
 */
export const parseOptions = <O extends z.ZodObject>(
  id: string,
  options: O,
  set: Readonly<Record<string, OptionValue>>,
): z.output<O> => {
  const own = Object.fromEntries(Object.entries(set).filter(([name]) => Object.hasOwn(options.shape, name)));
  const result = options.safeParse(own);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = String(issue?.path[0]);
  const value = own[name];
  const description = describeOptions(options).find((option) => option.name === name);
  throw new UserError(
    value === undefined
      ? `${id} requires the option ${name}.`
      : `${id}: ${name}=${printValue(value)} is not allowed: ${issue?.message}.`,
    `${name} must be ${description?.allowed}. ${description?.summary}`,
  );
};

/** Side of a convolution's kernel: odd, so that half a kernel of zeros on both sides keeps the size of the map. */
export const oddKernel = (standard: number) =>
  z
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, 'it must be odd')
    .default(standard)
    .describe('Kernel size, odd.');

/** A whole number of at least 1, or what the part works out by itself. */
export const countOrAuto = () => z.union([z.literal('auto'), z.int().min(1)]).default('auto');

type Rules = z.core.JSONSchema.BaseSchema;

const allowed = (rules: Rules): string => {
  if (rules.const !== undefined) return String(rules.const);
  if (rules.enum) return `one of ${rules.enum.join(', ')}`;
  if (rules.anyOf) return rules.anyOf.map(allowedItem).join(' or ');
  if (Array.isArray(rules.prefixItems))
    return `a list of ${rules.prefixItems.length}: ${rules.prefixItems.map(allowedItem).join(', ')}`;
  if (rules.type === 'array')
    return `a list, each ${typeof rules.items === 'object' && !Array.isArray(rules.items) ? allowed(rules.items) : 'a value'}`;
  if (rules.type === 'boolean') return 'true or false';
  return `${rules.type === 'integer' ? 'a whole number' : 'a number'}${range(rules)}`;
};

const allowedItem = (rules: Rules | boolean): string =>
  typeof rules === 'boolean' ? 'a value' : allowed(rules);

const range = ({ minimum, exclusiveMinimum, maximum }: Rules): string => {
  const limits = [
    ...(isLimit(minimum) ? [`at least ${minimum}`] : []),
    ...(isLimit(exclusiveMinimum) ? [`above ${exclusiveMinimum}`] : []),
    ...(isLimit(maximum) ? [`at most ${maximum}`] : []),
  ];
  return limits.length === 0 ? '' : `, ${limits.join(' and ')}`;
};

/** Every whole number is bounded by what a double can count. */
const isLimit = (limit: unknown): boolean =>
  typeof limit === 'number' && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
