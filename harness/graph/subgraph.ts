import { GraphBuilder, type Value } from './build/builder.js';
import { type Graph, nodeAt } from './graph.js';
import { isMap, type Shape } from './shape.js';

/**
 * The nodes whose paths begin with `scope`, as a graph of their own from the one value that they read from outside to the last of
 * them. Null where there are none, or where they read no value from outside, several, or a vector.
 */
export const subgraphOf = (graph: Graph, scope: string): Graph | null => {
  const within = graph.nodes.filter(({ path }) => path.startsWith(`${scope}.`));
  const ids = new Set(within.map(({ id }) => id));
  const outside = new Set(within.flatMap(({ inputs }) => inputs.filter((id) => !ids.has(id))));
  const [source, ...others] = outside;
  if (source === undefined || others.length > 0) return null;
  const { shape } = nodeAt(graph, source);
  if (!isMap(shape)) return null;
  const g = GraphBuilder.create();
  let last: Value<Shape> = g.input(shape);
  const copies = new Map<number, Value<Shape>>([[source, last]]);
  for (const { id, path, op, inputs } of within) {
    const name = path.slice(scope.length + 1);
    last = g.append(
      name,
      op,
      inputs.flatMap((input) => copies.get(input) ?? []),
    );
    copies.set(id, last);
  }
  return g.finish(last);
};
