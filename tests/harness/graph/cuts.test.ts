import { describe, expect, it } from 'vitest';
import { buildAlone, buildNetwork } from '../../../blocks/build.js';
import { cutsOf } from '../../../harness/graph/cuts.js';
import { consumersOf, type Graph } from '../../../harness/graph/graph.js';
import { CATALOGUE } from '../../support/catalogue.js';

const paths = (graph: Graph) => cutsOf(graph).map((id) => graph.nodes[id]?.path);

/** Whether the output can be reached from the input without this node. */
const canBeAvoided = (graph: Graph, avoided: number): boolean => {
  const consumers = consumersOf(graph);
  const reached = new Set([graph.input.id]);
  for (const id of reached) for (const next of consumers[id] ?? []) if (next !== avoided) reached.add(next);
  return reached.has(graph.output.id);
};

describe('the cuts of a graph', () => {
  it('are all nodes of a chain', () => {
    expect(paths(buildAlone('ds-conv', [8, 4, 4]))).toHaveLength(7);
  });

  it('are the ends of a residual block', () => {
    expect(paths(buildAlone('meta-light', [8, 4, 4]))).toEqual(['input', 'add']);
  });

  it('are in LightNet the ends of its blocks, among others', () => {
    const graph = buildNetwork('lightnet(preset=small)', { input: [1, 32, 32], classes: 10 });
    expect(paths(graph)).toEqual(
      expect.arrayContaining([
        'stem.add',
        'stages.2.blocks.0.add',
        'stages.2.blocks.1.add',
        'head.classifier',
      ]),
    );
    expect(paths(graph)).not.toContain('stages.2.blocks.0.spatial2.conv');
  });

  it.each(CATALOGUE.filter(([, { nodes }]) => nodes.length < 200))(
    'of %s are the nodes that no path avoids',
    (_id, graph) => {
      const expected = graph.nodes
        .filter(({ id }) => id === graph.input.id || id === graph.output.id || !canBeAvoided(graph, id))
        .map(({ id }) => id);
      expect(cutsOf(graph)).toEqual(expected);
    },
  );
});
