/** How large the tensors of a graph may be. */
import { UserError } from '../user/user-error.js';
import type { Graph } from './graph.js';
import { graphParameters } from './parameters.js';
import { elementCount, formatShape, type Shape } from './shape.js';

/** Of one output for one image, and of all parameters together: 1 GiB in float32. */
const MOST_VALUES = 2 ** 28;

/** Throws UserError where an output has too many values. */
export const requireSmallOutput = (shape: Shape, where: () => string): void => {
  if (elementCount(shape) <= MOST_VALUES) return;
  throw new UserError(
    `${where()}: its output of ${formatShape(shape)} has more than ${MOST_VALUES} values.`,
    'Use fewer channels or a smaller map.',
  );
};

/** Throws UserError naming the largest parameter where a graph has more than can be given values: costs are counted for any. */
export const requireFewParameters = (graph: Graph): void => {
  const parameters = graphParameters(graph);
  const all = parameters.reduce((sum, { size }) => sum + size, 0);
  if (all <= MOST_VALUES) return;
  const largest = parameters.reduce((most, parameter) => (parameter.size > most.size ? parameter : most));
  throw new UserError(
    `The network has ${all} parameters, ${largest.size} of them in ${largest.path}; the maximum is ${MOST_VALUES}.`,
    'Use fewer channels, features or blocks.',
  );
};
