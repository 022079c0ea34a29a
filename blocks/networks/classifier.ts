import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import type { Shape } from '../../harness/graph/shape.js';

/** Global average, then a fully connected layer with bias: the nodes `pool`, `flatten` and `classifier`. */
export const classify = (g: GraphBuilder, x: Value, classes: number): Value<Shape> =>
  g.dense('classifier', g.flatten('flatten', g.globalAvgPool('pool', x)), classes);
