import type { GraphNode } from './graph.js';

/**
 * Ids of the nodes that every path from the input to the output passes, both ends included: between two of them lies a part of the
 * network that could stand alone. Ids are in topological order, so that these are the nodes over which no edge leads.
 */
export const cutsOf = ({ nodes }: Links): readonly number[] => {
  const earliest = nodes.map(({ id, inputs }) => Math.min(id, ...inputs));
  const cuts: number[] = [];
  let lowest = nodes.length;
  for (let id = nodes.length - 1; id >= 0; id--) {
    if (lowest >= id) cuts.push(id);
    lowest = Math.min(lowest, earliest[id] ?? id);
  }
  return cuts.reverse();
};

/** A graph, or anything else in topological order whose ids are its positions. */
interface Links {
  readonly nodes: readonly Pick<GraphNode, 'id' | 'inputs'>[];
}
