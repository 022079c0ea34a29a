import { UserError } from '../user/user-error.js';
import type { Graph, GraphNode } from './graph.js';
import { elementCount } from './shape.js';

/**
 * Throws UserError naming the first batch norm that has one value for each channel in a training batch of so many images: the value less
 * its own mean is 0, so that the output is the shift, whatever the input, and no gradient passes.
 */
export const requireBatchStatistics = (graph: Graph, batch: number): void => {
  const degenerate = graph.nodes.find((node) => node.op.kind === 'batchNorm' && batch * pixelsOf(node) < 2);
  if (degenerate === undefined) return;
  throw new UserError(
    `${degenerate.path}: in training, this batch norm would normalise a single value (batch ${batch}, map 1x1) to a constant.`,
    'Use a batch of 2 or more, or larger images.',
  );
};

const pixelsOf = ({ shape }: GraphNode): number => elementCount(shape.slice(1));
