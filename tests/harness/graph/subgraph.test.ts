import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { fingerprint } from '../../../harness/graph/print.js';
import { subgraphOf } from '../../../harness/graph/subgraph.js';

const network = () => {
  const g = GraphBuilder.create();
  const x = g.conv2d('stem', g.input([3, 8, 8]), { outChannels: 4, kernel: 3 });
  const part = g.scope('part');
  const a = part.conv2d('conv', x, { outChannels: 4, kernel: 1 });
  const b = part.add('sum', part.batchNorm('bn', a), x);
  const y = g.scope('partner').add('sum', b, x);
  return g.finish(g.dense('head.dense', g.flatten('head.flatten', y), 2));
};

describe('a part of a graph', () => {
  it('stands alone as if it had been built alone, though it reads its input twice', () => {
    const alone = GraphBuilder.create();
    const x = alone.input([4, 8, 8]);
    const conv = alone.conv2d('conv', x, { outChannels: 4, kernel: 1 });
    const expected = alone.finish(alone.add('sum', alone.batchNorm('bn', conv), x));
    const found = subgraphOf(network(), 'part');
    expect(found && fingerprint(found)).toBe(fingerprint(expected));
  });

  it('is none where nothing has the path, or several values come from outside', () => {
    expect(subgraphOf(network(), 'par')).toBeNull();
    expect(subgraphOf(network(), 'partner')).toBeNull();
  });
});
