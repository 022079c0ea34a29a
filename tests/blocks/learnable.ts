import { cost } from '../../harness/cost/cost.js';
import type { Graph } from '../../harness/graph/graph.js';

/** Learnable scalars: batch-norm scale and shift included. */
export const learnable = (graph: Graph): number => cost(graph).params;

/** Learnable scalars of convolutions alone. */
export const kernelWeights = (graph: Graph): number =>
  cost(graph)
    .perOp.filter(({ op }) => op === 'conv2d' || op === 'channelConv')
    .reduce((sum, { params }) => sum + params, 0);
