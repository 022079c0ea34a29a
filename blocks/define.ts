/** The functions that define a part: they join its record to the checks that every part shares. */
import type { z } from 'zod';
import type { GraphBuilder, Value } from '../harness/graph/build/builder.js';
import type { Graph } from '../harness/graph/graph.js';
import { didYouMean } from '../harness/user/did-you-mean.js';
import { UserError } from '../harness/user/user-error.js';
import { type Author, requireAuthor, type Slots } from './author.js';
import { blaming } from './blame.js';
import { heldTo, heldToNetwork, type Sites } from './contract.js';
import { parseOptions } from './options.js';
import type {
  BlockSite,
  ChannelSite,
  Definition,
  NetworkSite,
  OptionValue,
  PartKind,
  Parts,
  Resolve,
  Slot,
  SpatialSite,
} from './part.js';
import { checkStrides } from './strides.js';

/**
 * Defines a spatial operator: it mixes pixels and keeps the channels.
 * @example
 * const blur = defineSpatialOperator({
 *   id: 'blur', summary: '3x3 average.', paper: 'none', options: z.strictObject({}),
 *   build: (g, x, { stride }) => g.batchNorm('bn', g.avgPool('pool', x, { kernel: 3, stride, padding: 1 })),
 * });
 */
export const defineSpatialOperator = <O extends z.ZodObject, const S extends Slots = NoSlots>(
  author: Author<O, S> & { readonly build: BuildInGraph<O, S, SpatialSite> },
): Definition<'spatial'> => define('spatial', author, inGraph('spatial', author));

/** Defines a channel operator: it mixes channels, may change their number, and keeps the size of the map. */
export const defineChannelOperator = <O extends z.ZodObject, const S extends Slots = NoSlots>(
  author: Author<O, S> & { readonly build: BuildInGraph<O, S, ChannelSite> },
): Definition<'channel'> => define('channel', author, inGraph('channel', author));

/** Defines a basic block: what stands at every position of a skeleton, its residual connection included. */
export const defineBlock = <O extends z.ZodObject, const S extends Slots = NoSlots>(
  author: Author<O, S> & { readonly build: BuildInGraph<O, S, BlockSite> },
): Definition<'block'> => define('block', author, inGraph('block', author));

/**
 * Defines a network, from the input to the logits, in its training form. Building it throws UserError where the images are too small for
 * its strides.
 */
export const defineNetwork = <O extends z.ZodObject, const S extends Slots = NoSlots>(
  author: Author<O, S> & {
    readonly build: (site: NetworkSite, options: z.output<O>, parts: Filled<S>) => Graph;
  },
): Definition<'network'> =>
  define(
    'network',
    author,
    (options, parts) => (site) =>
      blaming(author.id, () =>
        checkStrides(heldToNetwork(author.id, () => author.build(site, options, parts))(site)),
      ),
  );

/** Of a part without slots. */
export type NoSlots = Readonly<Record<never, Slot>>;

/** The parts that stand in the slots. */
export type Filled<S extends Slots> = { readonly [N in keyof S]: Parts[S[N]['kind']] };

/** Adds the part to a graph: `x` is what goes in, the value returned what comes out. */
export type BuildInGraph<O extends z.ZodObject, S extends Slots, Site> = (
  g: GraphBuilder,
  x: Value,
  site: Site,
  options: z.output<O>,
  parts: Filled<S>,
) => Value;

type Bind<K extends PartKind, O extends z.ZodObject, S extends Slots> = (
  options: z.output<O>,
  parts: Filled<S>,
) => Parts[K];

const define = <K extends PartKind, O extends z.ZodObject, const S extends Slots>(
  kind: K,
  author: Author<O, S>,
  bind: Bind<K, O, S>,
): Definition<K> => {
  requireAuthor(author);
  const { id, summary, paper, published, admits, mergeable = false, formula, options, slots } = author;
  return Object.freeze({
    kind,
    id,
    summary,
    paper,
    ...(published === undefined ? {} : { published }),
    ...(admits === undefined ? {} : { admits }),
    mergeable,
    ...(formula === undefined ? {} : { formula }),
    options,
    slots: slots ?? {},
    instantiate: (set, resolve) => {
      checkNames(id, Object.keys(set), [...Object.keys(options.shape), ...Object.keys(slots ?? {})]);
      return bind(parseOptions(id, options, set), fillSlots(id, slots, set, resolve));
    },
  } satisfies Definition<K>);
};

/** What the author's function adds to a graph, once options and slots are known. */
const inGraph =
  <K extends keyof Sites, O extends z.ZodObject, S extends Slots>(
    kind: K,
    { id, build }: { readonly id: string; readonly build: BuildInGraph<O, S, Sites[K]> },
  ) =>
  (options: z.output<O>, parts: Filled<S>) => {
    const held = heldTo(kind, id, (g, x, site: Sites[K]) => build(g, x, site, options, parts));
    return (g: GraphBuilder, x: Value, site: Sites[K]): Value => blaming(id, () => held(g, x, site));
  };

type Settings = Readonly<Record<string, OptionValue>>;

const checkNames = (id: string, given: readonly string[], known: readonly string[]): void => {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UserError(
    `${id} has no option ${unknown}.`,
    known.length === 0
      ? 'It has no options.'
      : `${didYouMean(unknown, known, '')} Options: ${known.join(', ')}.`.trimStart(),
  );
};

const fillSlots = <S extends Slots>(
  id: string,
  slots: S | undefined,
  set: Settings,
  resolve: Resolve,
): Filled<S> => {
  const parts = Object.entries(slots ?? {}).map(([name, slot]) => [
    name,
    fillSlot(`${id}.${name}`, slot, set[name], resolve),
  ]);
  // Object.fromEntries forgets the names, which are those of the slots.
  return Object.fromEntries(parts) as Filled<S>;
};

const fillSlot = (
  place: string,
  slot: Slot,
  chosen: OptionValue | undefined,
  resolve: Resolve,
): Parts[PartKind] => {
  try {
    return resolve(slot, chosen);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${place}: ${error.message}`, error.remedy);
  }
};
