import type { Graph } from './graph.js';

/**
 * Ids of the nodes that every path from the input to the output passes, both ends included: between two of them lies a part of the
 * network that could stand alone. Ids are in topological order, so that these are the nodes over which no edge leads.
 */
export const cutsOf = (graph: Graph): readonly number[] => {
  const earliest = graph.nodes.map(({ id, inputs }) => Math.min(id, ...inputs));
  const cuts: number[] = [];
  let lowest = graph.nodes.length;
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    if (lowest >= id) cuts.push(id);
    lowest = Math.min(lowest, earliest[id] ?? id);
  }
  return cuts.reverse();
};
