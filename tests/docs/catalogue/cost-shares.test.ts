import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { costShares } from '../../../docs/catalogue/cost-shares.js';
import { cost } from '../../../harness/cost/cost.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';

const metrics = ['params', 'macs'] as const;

describe('the shares of a cost', () => {
  it('are of 1x1 convolutions, depthwise convolutions and everything else, by hand', () => {
    const g = GraphBuilder.create();
    const x = g.conv2d('dense', g.input([1, 2, 2]), { outChannels: 10, kernel: 3 });
    const y = g.conv2d('depthwise', x, { outChannels: 10, kernel: 3, groups: 10 });
    const graph = g.finish(g.conv2d('pointwise', y, { outChannels: 12, kernel: 1, groups: 2 }));
    // 90, 90 and 60 weights, each used once a pixel.
    for (const metric of metrics) {
      expect(costShares(cost(graph), metric)).toEqual({
        pointwise: 60 / 240,
        depthwise: 90 / 240,
        other: 90 / 240,
      });
    }
  });

  it.each(metrics)('of %s sum to 1', (metric) => {
    const { pointwise, depthwise, other } = costShares(
      cost(buildNetwork('mobilenet-v2', { input: [3, 64, 64], classes: 10 })),
      metric,
    );
    expect(pointwise + depthwise + other).toBeCloseTo(1, 12);
  });

  it('of MobileNetV1 are those of its paper (arXiv:1704.04861, Table 2), to half a percent', () => {
    const network = cost(buildNetwork('mobilenet-v1', { input: [3, 224, 224], classes: 1000 }));
    const [params, macs] = [costShares(network, 'params'), costShares(network, 'macs')];
    expect(macs.pointwise).toBeCloseTo(0.9486, 2);
    expect(macs.depthwise).toBeCloseTo(0.0306, 2);
    expect(params.pointwise).toBeCloseTo(0.7459, 2);
    expect(params.depthwise).toBeCloseTo(0.0106, 2);
  });
});
