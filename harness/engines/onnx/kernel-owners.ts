/** Which operation of a graph a kernel of onnxruntime belongs to, by the names that its optimiser makes of ours. */
import { type Graph, nodeAt } from '../../graph/graph.js';

/**
 * By the names of the nodes of a graph's ONNX model, given in their order, the path of the operation: its last node bears its name, and
 * the nodes before that one have names that were made up.
 */
export const nodeOwners = (
  graph: Graph,
  nodes: readonly { readonly name: string }[],
  outputName: string,
): ReadonlyMap<string, string> => {
  const paths = new Map(graph.nodes.map(({ path, op }) => [`${path}/${op.kind}`, path]));
  paths.set(outputName, nodeAt(graph, graph.output.id).path);
  const owners = new Map<string, string>();
  let unnamed: string[] = [];
  for (const { name } of nodes) {
    unnamed.push(name);
    const path = paths.get(name);
    if (path === undefined) continue;
    for (const one of unnamed) owners.set(one, path);
    unnamed = [];
  }
  return owners;
};

/**
 * The path of the operation; null for what the optimiser added by itself. It adds to the names of nodes, behind `_` or `/`: the layout of the
 * channels, what it made of them, a number where a name is taken.
 */
export const ownerOf = (owners: ReadonlyMap<string, string>, kernel: string): string | null => {
  for (
    let end = kernel.length;
    end > 0;
    end = Math.max(...['_', '/'].map((sign) => kernel.lastIndexOf(sign, end - 1)))
  ) {
    const owner = owners.get(kernel.slice(0, end));
    if (owner !== undefined) return owner;
  }
  return null;
};
