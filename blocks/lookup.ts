/** From what a user writes to the part it names. */
import { didYouMean } from '../harness/user/did-you-mean.js';
import { UserError } from '../harness/user/user-error.js';
import { asChoice } from './choice.js';
import type { AnyDefinition, Choice, Definition, OptionValue, PartKind, Parts, Resolve } from './part.js';
import { REGISTRY } from './registry.js';

export const KIND_NAMES: Readonly<Record<PartKind, string>> = {
  spatial: 'spatial operator',
  channel: 'channel operator',
  block: 'block',
  network: 'network',
};

/** The registered definitions, of one kind or of all. */
export const listDefinitions = (kind?: PartKind): readonly AnyDefinition[] =>
  kind === undefined ? Object.values(REGISTRY).flat() : REGISTRY[kind];

const registeredAs = (id: string): AnyDefinition | undefined =>
  listDefinitions().find((definition) => definition.id === id);

/** The registered definition with this id. Throws UserError with the known ids where there is none. */
export const findDefinition = (id: string): AnyDefinition => {
  const found = registeredAs(id);
  if (found) return found;
  throw new UserError(
    `Unknown part "${id}".`,
    didYouMean(
      id,
      listDefinitions().map((definition) => definition.id),
      'lightbench list shows all parts.',
    ),
  );
};

/** The definition that a choice names, or is: a user's own definition stands for itself. */
export const definitionOf = ({ id }: Choice): AnyDefinition =>
  typeof id === 'string' ? findDefinition(id) : id;

/**
 * The part of this kind that the user chose. Throws UserError where the choice is of another kind, its options are wrong, or a user's own
 * definition has the id of a registered one.
 */
export const instantiate = <K extends PartKind>(kind: K, chosen: OptionValue): Parts[K] => {
  const choice = asChoice(chosen);
  const definition: Definition = definitionOf(choice);
  if (typeof choice.id !== 'string') requireOwnId(definition);
  if (!isOfKind(definition, kind)) {
    throw new UserError(
      `${definition.id} is a ${KIND_NAMES[definition.kind]}, but a ${KIND_NAMES[kind]} is expected.`,
      `Use one of ${idsOf(kind)}.`,
    );
  }
  return definition.instantiate(choice.set ?? {}, resolve);
};

/** Results name a part by its id. */
const requireOwnId = (definition: Definition): void => {
  const { id, kind } = definition;
  const registered = registeredAs(id);
  if (registered === undefined || registered === definition) return;
  throw new UserError(
    `A ${KIND_NAMES[kind]} of your own has the id of lightbench's ${KIND_NAMES[registered.kind]} ${id}.`,
    'Give it another id.',
  );
};

const resolve: Resolve = (slot, chosen) => instantiate(slot.kind, chosen ?? slot.default);

const isOfKind = <K extends PartKind>(definition: Definition, kind: K): definition is Definition<K> =>
  definition.kind === kind;

const idsOf = (kind: PartKind): string =>
  listDefinitions(kind)
    .map(({ id }) => id)
    .join(', ');
