import { cost } from '../../cost/cost.js';
import { operationRows } from '../../cost/operations.js';
import type { Graph } from '../../graph/graph.js';
import { fingerprint } from '../../graph/print.js';
import { deployForm } from '../../rewrite/deploy.js';
import type { SnapshotEntry } from './snapshot.js';

/** Both forms of a training graph, and what a snapshot says of them. */
export const countedForms = (graph: Graph) => {
  const deployed = deployForm(graph);
  return {
    graph,
    deployed,
    record: {
      input: [...graph.input.shape] satisfies [number, number, number],
      fingerprint: fingerprint(graph),
      train: totalsOf(graph),
      deploy: totalsOf(deployed.graph),
      operations: async () => ({ train: operationRows(graph), deploy: operationRows(deployed.graph) }),
    },
  };
};

const totalsOf = (graph: Graph): SnapshotEntry['train'] => {
  const { params, macs, flops, activationBytes } = cost(graph);
  return { params, macs, flops, activationBytes };
};
