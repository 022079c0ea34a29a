/** Every engine against onnxruntime on the registered networks. */
import { describe, expect, it } from 'vitest';
import { findDefinition, listDefinitions } from '../../../blocks/lookup.js';
import type { AnyDefinition } from '../../../blocks/part.js';
import type { Graph } from '../../../harness/graph/graph.js';
import type { EngineCheck } from '../../../harness/verify/verify.js';
import { disagreements, ENGINES, network, SHALLOW } from '../../support/engines-compared.js';
import { narrowed } from '../../support/narrow.js';

/** Networks that are too slow here for what they would add. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'channelnet-v3': 'takes images of 224 pixels only',
  'efficientnet-b1': 'efficientnet-b0 with more blocks',
  'fasternet-t1': 'fasternet-t0, wider',
  'fasternet-t2': 'fasternet-t0, wider',
  'mobileone-s1': 'mobileone-s0, wider, with fewer branches',
  'mobileone-s2': 'mobileone-s0, wider, with fewer branches',
  'starnet-s2': 'starnet-s1, wider',
  'starnet-s3': 'starnet-s1, deeper and wider',
  'starnet-s4': 'starnet-s1, deeper and wider',
};

const smallest = ({ id, options }: AnyDefinition): Graph =>
  network(id, 'preset' in options.shape ? SHALLOW : narrowed(id));

/**
 * A channel has few values in a small batch of small images. Where they are nearly equal, a batch norm enlarges their rounding up to
 * 300 times at its usual epsilon, again in every layer; at this one never.
 */
const wellConditioned = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) =>
    node.op.kind === 'batchNorm' ? { ...node, op: { ...node.op, epsilon: 1 } } : node,
  ),
});

const NETWORKS = listDefinitions('network')
  .filter(({ id }) => !(id in LEFT_OUT))
  .map((definition): [id: string, graph: Graph] => [definition.id, wellConditioned(smallest(definition))]);

/** In a deep network, a single ReLU that is open in one engine and shut in the other moves the gradient by more than rounding does. */
const NETWORK_TOLERANCE: Partial<Record<EngineCheck['what'], number>> = {
  gradient: 0.1,
  'worst gradient of a parameter': 0.3,
  loss: 1e-3,
  statistics: 1e-3,
};

describe('engines', () => {
  it.each(NETWORKS)('compute %s and its gradients alike', async (_id, graph) => {
    const differing = await disagreements(ENGINES, graph, { seed: 1, steps: 0 });
    expect(
      differing.filter(({ what, difference }) => !(difference < (NETWORK_TOLERANCE[what] ?? 0))),
    ).toEqual([]);
  });

  it('leave out only what is registered', () => {
    for (const id of Object.keys(LEFT_OUT)) expect(findDefinition(id).id).toBe(id);
  });
});
