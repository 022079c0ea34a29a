import { GraphBuilder, type Value } from '../graph/build/builder.js';
import type { Graph } from '../graph/graph.js';
import { isMap, type Shape } from '../graph/shape.js';

const CLASSES = 10;

/**
 * A network as it is. An operator or a block between a batch norm, so that there is a gradient of its input to compute, as within a
 * network, and a classifier, so that there is a loss.
 */
export const trainable = (graph: Graph): Graph => {
  if (!isMap(graph.output.shape)) return graph;
  const g = GraphBuilder.create();
  const part = g.scope('part');
  const values: Value<Shape>[] = [];
  for (const { path, op, inputs } of graph.nodes) {
    values.push(
      op.kind === 'input'
        ? g.batchNorm('before', g.input(op.shape))
        : part.append(
            path,
            op,
            inputs.flatMap((id) => values[id] ?? []),
          ),
    );
  }
  const { id, shape } = values[graph.output.id] ?? graph.output;
  if (!isMap(shape)) throw new TypeError('The part gives a vector where its graph says a map.');
  const pooled = g.globalAvgPool('classifier.pool', { id, shape });
  return g.finish(g.dense('classifier.dense', g.flatten('classifier.flatten', pooled), CLASSES));
};
