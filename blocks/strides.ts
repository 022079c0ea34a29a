/** Images that are too small for the strides of a network. */
import { type Graph, type GraphNode, inputShapes } from '../harness/graph/graph.js';
import type { Pair } from '../harness/graph/operations/ops.js';
import { formatShape, isMap } from '../harness/graph/shape.js';
import { UserError } from '../harness/user/user-error.js';

/** The graph itself. Throws UserError where a stride acts on a map that has one row or one column left: it would skip nothing. */
export const checkStrides = (graph: Graph): Graph => {
  const [, ...image] = graph.input.shape;
  for (const node of graph.nodes) {
    const map = idleMap(graph, node);
    if (map === undefined) continue;
    throw new UserError(
      `images of ${formatShape(image)} are too small: ${node.path} would apply a stride to a map of ${formatShape(map)}.`,
      'Use larger images or fewer strides: set resolution=small or, in LightNet, preset=small or stemStrides.',
    );
  }
  return graph;
};

/** Height and width of the map on which a node has a stride along an axis of one pixel; undefined where it has none. */
const idleMap = (graph: Graph, node: GraphNode): Pair | undefined => {
  const [shape] = inputShapes(graph, node);
  if (!('stride' in node.op) || !shape || !isMap(shape)) return undefined;
  const [, height, width] = shape;
  const [down, along] = node.op.stride;
  return (down > 1 && height === 1) || (along > 1 && width === 1) ? [height, width] : undefined;
};
