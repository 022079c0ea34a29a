/** What values may be, and the one way to refuse others: those of operations, of places where parts stand, and of definitions. */
import { inspect } from 'node:util';
import { UserError } from '../user/user-error.js';

export interface Domain<T> {
  /** In words: `a whole number from 1 to 16384`. */
  readonly expected: string;
  readonly holds: (value: unknown) => value is T;
}

/** One domain for every value of a record. */
export type Domains<T> = { readonly [K in keyof T]-?: Domain<T[K]> };

export const whole = (least: number, most: number): Domain<number> => ({
  expected: `a whole number from ${least} to ${most}`,
  holds: (value): value is number => Number.isInteger(value) && isBetween(value, least, most),
});

export const real = (least: number, most: number): Domain<number> => ({
  expected: `a number from ${least} to ${most}`,
  holds: (value): value is number => isBetween(value, least, most),
});

export const flag: Domain<boolean> = {
  expected: 'true or false',
  holds: (value) => typeof value === 'boolean',
};

export const oneOf = <T extends string>(values: readonly T[]): Domain<T> => ({
  expected: `one of ${values.join(', ')}`,
  holds: (value): value is T => values.some((known) => known === value),
});

/** A list with one number of the domain for each of these names. */
export const listOf = <const N extends readonly string[]>(
  { expected, holds }: Domain<number>,
  ...names: N
): Domain<{ readonly [I in keyof N]: number }> => ({
  expected: `[${names.join(', ')}], each ${expected}`,
  holds: (value): value is { readonly [I in keyof N]: number } =>
    Array.isArray(value) && value.length === names.length && value.every(holds),
});

/**
 * Throws UserError where a value is outside its domain or missing. It names `where` the record belongs, the value's name, the value, and
 * what is expected.
 */
export const requireValues = <T extends object>(
  record: T,
  domains: Domains<T>,
  where: () => string,
): void => {
  for (const name in domains) {
    // An author's plain JavaScript may leave the whole record out.
    const value = record?.[name];
    if (!domains[name].holds(value)) refuseValue(name, value, domains[name].expected, where());
  }
};

/** Throws UserError as `requireValues` does, and where a name has no domain. `kind`, which tells what the record is of, needs none. */
export const requireRecord = <T extends object>(
  record: T,
  domains: Domains<T>,
  where: () => string,
): void => {
  requireValues(record, domains, where);
  for (const name in record) {
    if (name !== 'kind' && !Object.hasOwn(domains, name)) refuseName(name, Object.keys(domains), where());
  }
};

const refuseValue = (name: string, value: unknown, expected: string, where: string): never => {
  throw new UserError(`${where}: ${name}=${shown(value)} is not allowed.`, `${name} must be ${expected}.`);
};

const refuseName = (name: string, known: readonly string[], where: string): never => {
  throw new UserError(
    `${where}: unknown field ${name}.`,
    known.length === 0 ? 'It has no fields.' : `Known fields: ${known.join(', ')}.`,
  );
};

const isBetween = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;

/** A value in a line; a list whose entries are all the same as one of them, as options of both axes are given. */
export const shown = (value: unknown): string => {
  if (!Array.isArray(value)) return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
  const [first, ...others] = value.map(shown);
  const isUniform = first !== undefined && others.every((other) => other === first);
  return isUniform ? first : `[${[first, ...others].join(', ')}]`;
};
