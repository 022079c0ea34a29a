import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockShare, cost } from '../../../harness/cost/cost.js';
import { COST_KINDS } from '../../../harness/cost/kinds.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { OP_GRAPHS } from '../../support/op-graphs.js';

describe('cost', () => {
  it('counts a convolution by the formula, for any shape', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        size,
        fc.constantFrom(1, 3, 5),
        fc.boolean(),
        (inGroup, outGroup, groups, pixels, kernel, bias) => {
          const g = GraphBuilder.create();
          const [inputs, outputs] = [inGroup * groups, outGroup * groups];
          const y = g.conv2d('conv', g.input([inputs, pixels, pixels]), {
            outChannels: outputs,
            kernel,
            groups,
            bias,
          });
          const { params, macs, flops } = cost(g.finish(y));
          const perPixel = outputs * inGroup * kernel ** 2;
          expect(params).toBe(perPixel + (bias ? outputs : 0));
          expect(macs).toBe(perPixel * pixels ** 2);
          expect(flops).toBe(2 * macs + (bias ? outputs * pixels ** 2 : 0));
        },
      ),
    );
  });

  it('adds up a small network worked by hand', () => {
    const g = GraphBuilder.create();
    const x = g.input([3, 8, 8]);
    const stem = g.activation(
      'act',
      g.batchNorm('bn', g.conv2d('conv', x, { outChannels: 4, kernel: 3, stride: 2 })),
      'relu6',
    );
    const block = g.block('blocks.0');
    const dw = block.conv2d('dw', stem, { outChannels: 4, kernel: 3, groups: 4 });
    const sum = g.add('sum', stem, dw);
    const graph = g.finish(g.dense('fc', g.flatten('flatten', g.globalAvgPool('pool', sum)), 10));
    const result = cost(graph);
    expect(result.params).toBe(108 + 8 + 36 + 50);
    expect(result.macs).toBe(108 * 16 + 36 * 16 + 40);
    // conv, batch norm 2, relu6 2, depthwise, add 1, pool 16 a channel, dense with bias
    expect(result.flops).toBe(2 * 108 * 16 + 2 * 64 + 2 * 64 + 2 * 36 * 16 + 64 + 64 + 2 * 40 + 10);
    expect(result.activationBytes).toBe(4 * (64 * 5 + 4 + 10));
    expect(result.byKind.depthwise).toEqual({ params: 36, macs: 36 * 16, flops: 72 * 16 });
    expect(blockShare(result)).toEqual({ params: 36 / 202, macs: (36 * 16) / result.macs });
    const kinds = COST_KINDS.map((kind) => result.byKind[kind]);
    for (const key of ['params', 'macs', 'flops'] as const) {
      expect(kinds.reduce((sum, totals) => sum + totals[key], 0)).toBe(result[key]);
    }
  });

  it('names the kind of every operation that multiplies and accumulates', () => {
    const rows = Object.values(OP_GRAPHS).flatMap((graphs) =>
      Object.values(graphs).flatMap((graph) => cost(graph).perOp.filter(({ macs }) => macs > 0)),
    );
    const kinds = new Set(rows.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['pointwise', 'depthwise', 'convolution', 'linear', 'attention']));
  });

  it('counts a channel-wise convolution: depth weights a filter, shared by all pixels', () => {
    const g = GraphBuilder.create();
    const y = g.channelConv('gcw', g.input([512, 14, 14]), {
      filters: 2,
      kernel: [8, 1, 1],
      channelStride: 2,
      channelPadding: [3, 3],
    });
    expect(y.shape).toEqual([512, 14, 14]);
    expect(cost(g.finish(y))).toMatchObject({ params: 16, macs: 8 * 512 * 14 * 14 });
  });
});
