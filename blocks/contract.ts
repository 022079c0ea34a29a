/** What a part of each kind is given and must give back: checked wherever a part is built, so that the part that breaks it is named. */
import type { GraphBuilder, Value } from '../harness/graph/build/builder.js';
import { type Domains, listOf, requireValues, shown } from '../harness/graph/domain.js';
import type { Graph } from '../harness/graph/graph.js';
import { activationFunction, count } from '../harness/graph/operations/op-domains.js';
import { formatShape, isMap, isSameShape, type MapShape, type Shape } from '../harness/graph/shape.js';
import { UserError } from '../harness/user/user-error.js';
import type { BlockSite, ChannelSite, NetworkPart, NetworkSite, SpatialSite } from './part.js';

/** Where a part that adds to a graph stands, by its kind. */
export interface Sites {
  readonly spatial: SpatialSite;
  readonly channel: ChannelSite;
  readonly block: BlockSite;
}

interface Contract<Site> {
  readonly site: Domains<Site>;
  readonly gives: (input: MapShape, site: Site) => MapShape;
  readonly rule: string;
}

const strided = ([, height, width]: MapShape, stride: number) =>
  [Math.ceil(height / stride), Math.ceil(width / stride)] as const;

const contracts: { readonly [K in keyof Sites]: Contract<Sites[K]> } = {
  spatial: {
    site: { stride: count },
    gives: (input, { stride }) => [input[0], ...strided(input, stride)],
    rule: 'A spatial operator keeps the channels and divides the map by its stride, rounded up.',
  },
  channel: {
    site: { outChannels: count },
    gives: ([, height, width], { outChannels }) => [outChannels, height, width],
    rule: 'A channel operator gives outChannels channels and keeps the size of the map.',
  },
  block: {
    site: { outChannels: count, stride: count, activation: activationFunction },
    gives: (input, { outChannels, stride }) => [outChannels, ...strided(input, stride)],
    rule: 'A block gives outChannels channels and divides the map by its stride, rounded up.',
  },
};

const networkSite: Domains<NetworkSite> = {
  input: listOf(count, 'channels', 'height', 'width'),
  classes: count,
};

/**
 * The function that builds an operator or a block, held to its contract. Throws UserError naming the part and its place where its input
 * is no map of the graph, its site is none, or it gives anything but the map that its kind gives.
 */
export const heldTo =
  <K extends keyof Sites>(
    kind: K,
    id: string,
    build: (g: GraphBuilder, x: Value, site: Sites[K]) => unknown,
  ): ((g: GraphBuilder, x: Value, site: Sites[K]) => Value) =>
  (g, x, site) => {
    const where = g.path === '' ? id : `${id} at ${g.path}`;
    const { site: domains, gives, rule }: Contract<Sites[K]> = contracts[kind];
    if (!g.holds(x) || !isMapValue(x)) {
      throw new UserError(
        `${where}: its input is ${shown(x)}, not a map of this graph.`,
        'Pass a map returned by a builder method or by another part.',
      );
    }
    requireValues(site, domains, () => where);
    const expected = gives(x.shape, site);
    const y = build(g, x, site);
    if (!g.holds(y)) {
      throw new UserError(
        `${where}: its build function returned ${shown(y)}, not a value of this graph.`,
        'Return the result of the last operation.',
      );
    }
    if (isMapValue(y) && isSameShape(y.shape, expected)) return y;
    throw new UserError(
      `${where}: for an input of ${formatShape(x.shape)} it returned ${formatShape(y.shape)}; expected ${formatShape(expected)}.`,
      rule,
    );
  };

/** The same for a network: it takes the map of its site and gives one logit a class. */
export const heldToNetwork =
  (id: string, build: (site: NetworkSite) => unknown): NetworkPart =>
  (site) => {
    requireValues(site, networkSite, () => id);
    const graph = build(site);
    if (!isGraph(graph)) {
      throw new UserError(
        `${id}: its build function returned ${shown(graph)}, not a graph.`,
        'Return g.finish(logits).',
      );
    }
    const { input, output } = graph;
    if (isSameShape(input.shape, site.input) && isSameShape(output.shape, [site.classes])) return graph;
    throw new UserError(
      `${id}: its graph goes ${ends(input.shape, output.shape)}; expected ${ends(site.input, [site.classes])}.`,
      'A network takes the input of its site and gives one logit per class.',
    );
  };

const isMapValue = (value: Value<Shape>): value is Value => isMap(value.shape);

const isGraph = (value: unknown): value is Graph =>
  typeof value === 'object' && value !== null && 'nodes' in value && 'output' in value;

const ends = (input: Shape, output: Shape): string => `from ${formatShape(input)} to ${formatShape(output)}`;
