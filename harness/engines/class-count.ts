import type { Graph } from '../graph/graph.js';
import { formatShape, isMap } from '../graph/shape.js';
import { UserError } from '../user/user-error.js';

/** The classes that a network chooses from. Throws UserError where the graph has no classifier and cannot be trained. */
export const classCount = ({ output }: Graph): number => {
  if (isMap(output.shape)) {
    throw new UserError(
      `The graph outputs a map of ${formatShape(output.shape)}, not class scores.`,
      'Train a network; an operator or block alone has no classifier.',
    );
  }
  return output.shape[0];
};
