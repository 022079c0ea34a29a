import type { Graph } from '../graph/graph.js';
import { printOp } from '../graph/print.js';
import { cost } from './cost.js';

/** What every operation costs, in execution order, each with its attributes: `conv2d outChannels=64 kernel=3x3 ...`. */
export const operationRows = (graph: Graph) =>
  cost(graph).perOp.map(({ path, kind, op, output, params, macs, flops }, index) => {
    const node = graph.nodes[index];
    return { path, kind, op: node ? printOp(node.op) : op, output: [...output], params, macs, flops };
  });
