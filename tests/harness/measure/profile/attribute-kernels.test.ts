import { describe, expect, it } from 'vitest';
import { cost } from '../../../../harness/cost/cost.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import { attributeKernels } from '../../../../harness/measure/profile/attribute-kernels.js';

const graphOf = () => {
  const g = GraphBuilder.create();
  const x = g.input([4, 8, 8]);
  const wide = g.activation('act', g.conv2d('expand', x, { outChannels: 16, kernel: 1 }), 'relu');
  return g.finish(g.conv2d('narrow', wide, { outChannels: 4, kernel: 3 }));
};

const kernel = (owner: string | null, operator: string, name = owner ?? operator) => ({
  owner,
  operator,
  name,
});

describe('kernels', () => {
  it('compute what has no kernel of its own and is read by them', () => {
    const graph = graphOf();
    const [expand, narrow] = cost(graph).perOp.filter(({ macs }) => macs > 0);
    const kernels = [kernel(null, 'ReorderInput'), kernel('act', 'Conv'), kernel('narrow', 'Conv')];
    expect(attributeKernels(graph, kernels)).toEqual([
      { path: 'ReorderInput', kind: 'layout', macs: 0, weightBytes: 0 },
      { path: 'expand', kind: 'pointwise', macs: expand?.macs, weightBytes: 4 * 4 * 16 },
      { path: 'narrow', kind: 'convolution', macs: narrow?.macs, weightBytes: 4 * 16 * 4 * 9 },
    ]);
  });

  it('of one operation share nothing: the one that multiplies has it all', () => {
    const graph = graphOf();
    const kernels = [
      kernel('expand', 'Conv'),
      kernel('act', 'Relu'),
      kernel('narrow', 'Reshape', 'a'),
      kernel('narrow', 'Conv', 'b'),
    ];
    const rows = attributeKernels(graph, kernels);
    expect(rows.map(({ kind }) => kind)).toEqual(['pointwise', 'other', 'other', 'convolution']);
    expect(rows.reduce((sum, { macs }) => sum + macs, 0)).toBe(cost(graph).macs);
  });

  it('that leave multiply-accumulates over are refused', () => {
    expect(() => attributeKernels(graphOf(), [kernel('act', 'Conv')])).toThrow('No kernel computes narrow.');
  });
});
