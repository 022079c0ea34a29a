/** What one command is about: ids and settings as written on the command line, brought to one choice. */
import { z } from 'zod';
import type { Graph } from '../harness/graph/graph.js';
import { ACTIVATIONS } from '../harness/graph/operations/ops.js';
import type { MapShape } from '../harness/graph/shape.js';
import { UserError } from '../harness/user/user-error.js';
import { buildAlone, buildNetwork } from './build.js';
import { asChoice } from './choice.js';
import { definitionOf } from './lookup.js';
import { parseOptions } from './options.js';
import type { AnyDefinition, BlockSite, Choice, OptionValue, PartKind } from './part.js';

export interface SubjectRequest {
  /** An operator, block or network: an id, a choice in brackets, or a definition. */
  readonly id: OptionValue;
  /** The basic block of a network. */
  readonly block?: OptionValue;
  readonly set?: Readonly<Record<string, OptionValue>>;
}

export interface Subject {
  readonly kind: PartKind;
  readonly choice: Choice;
  /** For an operator or a block alone: `outChannels`, `stride` and `activation`, where they were set. */
  readonly site: Partial<BlockSite>;
}

/**
 * Sends every setting where it belongs. For a network, to the network where it has such an option, else to its basic block;
 * `network.` and `block.` before the name say which. For an operator or a block alone, to the part where it has such an option,
 * else to its site.
 */
export const chooseSubject = ({ id, block, set = {} }: SubjectRequest): Subject => {
  const choice = asChoice(id);
  const definition = definitionOf(choice);
  if (definition.kind === 'network') {
    return { kind: 'network', choice: chooseNetwork(choice, definition, block, set), site: {} };
  }
  if (block !== undefined) {
    throw new UserError(
      `${definition.id} does not take a block.`,
      'Choose a network that takes a block, such as lightnet.',
    );
  }
  const [own, siteSettings] = split(
    set,
    (name) => !Object.hasOwn(siteSchema.shape, name) || declares(definition, name),
  );
  return {
    kind: definition.kind,
    choice: withOptions(choice, own),
    site: parseOptions(definition.id, siteSchema, siteSettings),
  };
};

/** The subject's training graph. `classes` is for networks. */
export const buildSubject = ({ kind, choice, site }: Subject, input: MapShape, classes: number): Graph =>
  kind === 'network' ? buildNetwork(choice, { input, classes }) : buildAlone(choice, input, site);

/** The same choice with these settings on top. */
export const withOptions = (chosen: OptionValue, set: Settings): Choice => {
  const choice = asChoice(chosen);
  return { id: choice.id, set: { ...choice.set, ...set } };
};

type Settings = Readonly<Record<string, OptionValue>>;

const chooseNetwork = (
  choice: Choice,
  definition: AnyDefinition,
  block: OptionValue | undefined,
  set: Settings,
): Choice => {
  const slot = definition.slots.block;
  if (!slot) {
    if (block === undefined) return withOptions(choice, rename(set, 'network.'));
    throw new UserError(
      `${definition.id} does not take a block.`,
      'Choose a network that takes a block, such as lightnet.',
    );
  }
  const [forNetwork, forBlock] = split(
    set,
    (name) => name.startsWith('network.') || (!name.startsWith('block.') && declares(definition, name)),
  );
  const network = withOptions(choice, rename(forNetwork, 'network.'));
  const chosenBlock = block ?? network.set?.block ?? slot.default;
  return withOptions(network, { block: withOptions(chosenBlock, rename(forBlock, 'block.')) });
};

const declares = ({ options, slots }: AnyDefinition, name: string): boolean =>
  Object.hasOwn(options.shape, name) || Object.hasOwn(slots, name);

const split = (set: Settings, first: (name: string) => boolean): readonly [Settings, Settings] => {
  const entries = Object.entries(set);
  return [
    Object.fromEntries(entries.filter(([name]) => first(name))),
    Object.fromEntries(entries.filter(([name]) => !first(name))),
  ];
};

const rename = (set: Settings, prefix: string): Settings =>
  Object.fromEntries(
    Object.entries(set).map(([name, value]) => [
      name.startsWith(prefix) ? name.slice(prefix.length) : name,
      value,
    ]),
  );

const siteSchema = z.strictObject({
  outChannels: z.int().min(1).exactOptional().describe('Output channels of the part.'),
  stride: z.int().min(1).exactOptional().describe('Stride of the part.'),
  activation: z.enum(ACTIVATIONS).exactOptional().describe('Activation of the block.'),
});
