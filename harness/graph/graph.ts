import type { GivenWeights } from './given-weights.js';
import type { Op } from './operations/ops.js';
import type { MapShape, Shape } from './shape.js';

/** One operation in a graph. Its path is stable (`stages.2.blocks.4.expand.bn`) and names its parameters. */
export interface GraphNode {
  readonly id: number;
  readonly path: string;
  readonly op: Op;
  /** Ids of earlier nodes. */
  readonly inputs: readonly number[];
  /** Output shape for one image. */
  readonly shape: Shape;
  /** Path of the basic block under test that holds this node; absent in the skeleton. */
  readonly block?: string;
}

/** An immutable network, block or operator: nodes in topological order, node ids equal to their positions. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly input: { readonly id: number; readonly shape: MapShape };
  readonly output: { readonly id: number; readonly shape: Shape };
  /** Where training starts from, in place of random values; absent where nothing was given. */
  readonly initial?: GivenWeights;
}

/** The node with this id. Throws RangeError where the graph has none: a defect of the caller, not of the user. */
export const nodeAt = (graph: Graph, id: number): GraphNode => {
  const node = graph.nodes[id];
  if (!node) throw new RangeError(`The graph has no node ${id}; it has ${graph.nodes.length} nodes.`);
  return node;
};

export const inputShapes = (graph: Graph, node: GraphNode): readonly Shape[] =>
  node.inputs.map((id) => nodeAt(graph, id).shape);

/** For every node, the ids of the nodes that read it. */
export const consumersOf = (graph: Graph): readonly (readonly number[])[] => {
  const consumers: number[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const id of node.inputs) consumers[id]?.push(node.id);
  return consumers;
};
