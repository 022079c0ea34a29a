/** How a graph is rewritten: nodes are replaced, what is no longer read is dropped, and the weights follow. */
import { Draft, type Value } from '../graph/build/draft.js';
import { consumersOf, type Graph, type GraphNode, nodeAt } from '../graph/graph.js';
import type { Op } from '../graph/operations/ops.js';
import { parametersOf } from '../graph/parameters.js';
import type { Shape } from '../graph/shape.js';
import { total } from './channels.js';

/** Weights by path while they are computed with: float64, so that a chain of rewrites rounds once, at its end. */
export type Values = ReadonlyMap<string, Float64Array>;

/** What takes the place of a node. */
export interface Replacement {
  /** Gives its path and its block. */
  readonly like: GraphNode;
  /** Whether it computes what stood there before, or something that had no node. */
  readonly value: 'same' | 'new';
  readonly op: Op;
  /** Nodes of the graph before the rewrite, earlier than the place. */
  readonly inputs: readonly number[];
  /** Its parameters by name, from the values before the rewrite. */
  readonly parameters: (values: Values) => ReadonlyMap<string, Float64Array>;
}

/** Replacements by the id of the node whose place they take. */
export type Replacements = ReadonlyMap<number, Replacement>;

export interface Rewritten {
  readonly graph: Graph;
  /** For every node of the new graph, the old node with the same value, null where there was none. */
  readonly counterparts: readonly (number | null)[];
  readonly convert: (values: Values) => Values;
}

export const rewrite = (old: Graph, replacements: Replacements): Rewritten => {
  const inPlace = new Map(
    old.nodes.map((node) => [node.id, replacements.get(node.id) ?? unchanged(old, node)]),
  );
  const standing = (id: number): Replacement => lookUp(inPlace, id);
  const places = placesRead(old, standing);
  const draft = new Draft();
  const built = new Map<number, Value<Shape>>();
  for (const place of places) {
    const { like, op, inputs } = standing(place);
    const values = inputs.map((id) => lookUp(built, id));
    const isReplaced = replacements.has(place);
    built.set(place, isReplaced ? draft.add(like.path, op, values, like.block) : draft.copy(like, values));
  }
  const graph = draft.finish(lookUp(built, old.output.id));
  const convert = (values: Values): Values => {
    const converted = places.flatMap((place, id) => {
      const parameters = standing(place).parameters(values);
      return parametersOf(graph, nodeAt(graph, id)).map(
        ({ path, name }) => [path, lookUp(parameters, name)] as const,
      );
    });
    return new Map(converted);
  };
  const counterparts = places.map((place) => (standing(place).value === 'same' ? place : null));
  return { graph, counterparts, convert };
};

/** A parameter of a node by its name. */
export const parameterOf = (values: Values, node: GraphNode, name: string): Float64Array =>
  lookUp(values, `${node.path}.${name}`);

/** Parameters of a convolution or scale whose bias is the sum of the given offsets; without any it has none. */
export const weightAndBias = (
  weight: Float64Array,
  offsets: readonly Float64Array[],
): ReadonlyMap<string, Float64Array> =>
  new Map([['weight', weight], ...(offsets.length > 0 ? [['bias', total(offsets)] as const] : [])]);

/** Whether nothing but one other node depends on a node's value. */
export const readOnce = (graph: Graph): ((id: number) => boolean) => {
  const consumers = consumersOf(graph);
  return (id) => consumers[id]?.length === 1 && id !== graph.output.id;
};

const unchanged = (graph: Graph, node: GraphNode): Replacement => ({
  like: node,
  value: 'same',
  op: node.op,
  inputs: node.inputs,
  parameters: (values) =>
    new Map(parametersOf(graph, node).map(({ path, name }) => [name, lookUp(values, path)])),
});

/** The places that the output depends on, and the input's, in topological order. */
const placesRead = (graph: Graph, standing: (id: number) => Replacement): readonly number[] => {
  const read = new Set([graph.input.id]);
  const visit = [graph.output.id];
  for (let id = visit.pop(); id !== undefined; id = visit.pop()) {
    if (read.has(id)) continue;
    read.add(id);
    visit.push(...standing(id).inputs);
  }
  return [...read].sort((a, b) => a - b);
};

const lookUp = <K, V>(values: ReadonlyMap<K, V>, key: K): V => {
  const value = values.get(key);
  if (value === undefined) throw new RangeError(`A rewrite reads ${key}, which is not there.`);
  return value;
};
