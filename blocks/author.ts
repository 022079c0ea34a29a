/** What an author writes to define a part, checked when it is defined: not every author's file is type-checked. */
import { z } from 'zod';
import { type Domain, oneOf, requireRecord } from '../harness/graph/domain.js';
import { UserError } from '../harness/user/user-error.js';
import type { LetteredFormula, PartKind, Published, Slot } from './part.js';

/** The slots of a part by their names. */
export type Slots = Readonly<Record<string, Slot>>;

/** What an author says about a part; see `Definition`. The kind decides what its `build` function is given. */
export interface Author<O extends z.ZodObject, S extends Slots> {
  /** Kebab-case. */
  readonly id: string;
  readonly summary: string;
  readonly paper: string;
  readonly published?: Published;
  readonly admits?: string;
  /** False where it is left out. */
  readonly mergeable?: boolean;
  readonly formula?: LetteredFormula;
  /** A strict object whose members have descriptions and, where they can, defaults. */
  readonly options: O;
  readonly slots?: S;
}

/** Throws UserError naming the part, the field, what it holds and what is expected. */
export const requireAuthor = (author: Author<z.ZodObject, Slots>): void => {
  const { id, slots = {} } = author;
  if (typeof id !== 'string' || !KEBAB_CASE.test(id)) {
    throw new UserError(
      `"${id}" cannot be the id of a part.`,
      'Use lower-case words joined by hyphens: my-block.',
    );
  }
  requireRecord<object>(author, authorDomains, () => id);
  for (const [name, slot] of Object.entries(slots)) {
    requireRecord(slot, slotDomains, () => `${id}, slot ${name}`);
    if (!Object.hasOwn(author.options.shape, name)) continue;
    throw new UserError(`${id} has both an option and a slot named ${name}.`, 'Rename one of them.');
  }
};

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const PART_KINDS = Object.keys({
  spatial: true,
  channel: true,
  block: true,
  network: true,
} satisfies Record<PartKind, true>) as PartKind[];

const domain = <T>(expected: string, isRight: (value: unknown) => boolean): Domain<T> => ({
  expected,
  holds: (value): value is T => isRight(value),
});

const optional = <T>({ expected, holds }: Domain<T>): Domain<T | undefined> => ({
  expected: `${expected}, or left out`,
  holds: (value): value is T | undefined => value === undefined || holds(value),
});

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = domain<string>('text', (value) => typeof value === 'string');

const record = domain<object>('an object', isRecord);

const slotDomains = { kind: oneOf(PART_KINDS), default: text, summary: text };

const authorDomains = {
  id: text,
  summary: text,
  paper: text,
  published: optional(record),
  admits: optional(text),
  mergeable: optional(domain<boolean>('true or false', (value) => typeof value === 'boolean')),
  formula: optional(record),
  options: domain<z.ZodObject>(
    'z.strictObject({ ... }), empty where there are none',
    (value) => value instanceof z.ZodObject,
  ),
  slots: optional(
    domain<Slots>(
      'an object of slots by name',
      (value) => isRecord(value) && Object.values(value as object).every(isRecord),
    ),
  ),
  build: domain<object>('a function', (value) => typeof value === 'function'),
};
