/** The functions that define a part: they join its record to the checks that every part shares. */
import type { z } from 'zod';
import type { GraphBuilder, Value } from '../harness/graph/builder.js';
import type { Graph } from '../harness/graph/graph.js';
import { UserError } from '../harness/user-error.js';
import type {
  BlockSite,
  ChannelSite,
  Definition,
  LetteredFormula,
  NetworkSite,
  OptionValue,
  PartKind,
  Parts,
  Published,
  Resolve,
  Slot,
  SpatialSite,
} from './define.js';
import { parseOptions } from './options.js';

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
): Definition<'spatial'> => define('spatial', author, inGraph(author));

/** Defines a channel operator: it mixes channels, may change their number, and keeps the size of the map. */
export const defineChannelOperator = <O extends z.ZodObject, const S extends Slots = NoSlots>(
  author: Author<O, S> & { readonly build: BuildInGraph<O, S, ChannelSite> },
): Definition<'channel'> => define('channel', author, inGraph(author));

/** Defines a basic block: what stands at every position of a skeleton, its residual connection included. */
export const defineBlock = <O extends z.ZodObject, const S extends Slots = NoSlots>(
  author: Author<O, S> & { readonly build: BuildInGraph<O, S, BlockSite> },
): Definition<'block'> => define('block', author, inGraph(author));

/** Defines a network, from the input to the logits, in its training form. */
export const defineNetwork = <O extends z.ZodObject, const S extends Slots = NoSlots>(
  author: Author<O, S> & {
    readonly build: (site: NetworkSite, options: z.output<O>, parts: Filled<S>) => Graph;
  },
): Definition<'network'> =>
  define(
    'network',
    author,
    (options, parts) => (site) => naming(author.id, () => author.build(site, options, parts)),
  );

type Slots = Readonly<Record<string, Slot>>;

type NoSlots = Readonly<Record<never, Slot>>;

/** The parts that stand in the slots. */
type Filled<S extends Slots> = { readonly [N in keyof S]: Parts[S[N]['kind']] };

/** What an author says about a part; see `Definition`. */
interface Author<O extends z.ZodObject, S extends Slots> {
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

type BuildInGraph<O extends z.ZodObject, S extends Slots, Site> = (
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
  { id, summary, paper, published, admits, mergeable = false, formula, options, slots }: Author<O, S>,
  bind: Bind<K, O, S>,
): Definition<K> => {
  if (!KEBAB_CASE.test(id)) {
    throw new UserError(
      `"${id}" cannot be the id of a part.`,
      'Use lower-case words joined by hyphens: my-block.',
    );
  }
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
  <O extends z.ZodObject, S extends Slots, Site>({
    id,
    build,
  }: {
    readonly id: string;
    readonly build: BuildInGraph<O, S, Site>;
  }) =>
  (options: z.output<O>, parts: Filled<S>) =>
  (g: GraphBuilder, x: Value, site: Site): Value =>
    naming(id, () => build(g, x, site, options, parts));

/** A mistake inside a part is told with the part's id. */
const naming = <T>(id: string, build: () => T): T => {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof UserError) || error.message.split(/[: ]/, 1)[0] === id) throw error;
    throw new UserError(`${id}: ${error.message}`, error.remedy);
  }
};

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

type Settings = Readonly<Record<string, OptionValue>>;

const checkNames = (id: string, given: readonly string[], known: readonly string[]): void => {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UserError(
    `${id} has no option ${unknown}.`,
    known.length === 0 ? 'It has no options.' : `Its options are ${known.join(', ')}.`,
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
