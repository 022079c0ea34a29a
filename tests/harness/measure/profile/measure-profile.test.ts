import { beforeAll, describe, expect, it } from 'vitest';
import { buildSubject, chooseSubject } from '../../../../blocks/subject.js';
import { cost } from '../../../../harness/cost/cost.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import type { Graph } from '../../../../harness/graph/graph.js';
import { contenderOf } from '../../../../harness/measure/deploy-contender.js';
import { type MeasuredProfile, measureProfile } from '../../../../harness/measure/profile/measure-profile.js';
import { deployForm } from '../../../../harness/rewrite/deploy.js';

/** Of every way in which operations become kernels: joined branches, gates, shuffles, convolutions over channels, pools. */
const PARTS = [
  ...[
    'falconnet',
    'mobilenet-v3-small',
    'shufflenet-v1',
    'channelnet-v1',
    'ghostnet',
    'efficientnet-b0',
    'starnet-s1',
  ],
];

const BATCH = 2;

const attention = (): Graph => {
  const g = GraphBuilder.create();
  const x = g.conv2d('conv', g.input([3, 16, 16]), { outChannels: 8, kernel: 4, stride: 4 });
  const scores = g.matMul('scores', x, x, { product: 'pixel-scores', groups: 2 });
  const mixed = g.matMul('mixed', g.softmax('weights', scores, 2), x, {
    product: 'weighted-pixels',
    groups: 2,
  });
  const linear = g.linearAttention('linear', { query: g.activation('act', mixed, 'relu'), key: x, value: x });
  return g.finish(g.dense('fc', g.flatten('flatten', g.globalAvgPool('pool', linear)), 10));
};

const contenders = [
  ...PARTS.map((id) => ({ id, graph: buildSubject(chooseSubject({ id }), [3, 32, 32], 10) })),
  { id: 'attention', graph: attention() },
];

let profile: MeasuredProfile;
beforeAll(async () => {
  profile = await measureProfile({
    contenders: contenders.map(({ id, graph }) => contenderOf(id, graph)),
    ...{ batch: BATCH, threads: 1, seconds: 0 },
  });
});

describe('a profile', () => {
  it.each(contenders.map(({ id, graph }, index) => ({ id, graph, index })))(
    'attributes every multiply-accumulate of $id to one kernel',
    ({ graph, index }) => {
      const { kernels = [] } = profile.networks[index] ?? {};
      const counted = cost(deployForm(graph).graph);
      expect(kernels.reduce((sum, { macs }) => sum + macs, 0)).toBe(BATCH * counted.macs);
      for (const kind of ['pointwise', 'depthwise', 'convolution', 'linear', 'attention'] as const) {
        const macs = kernels.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.macs, 0);
        expect([kind, macs]).toEqual([kind, BATCH * counted.byKind[kind].macs]);
      }
    },
  );

  it('knows where kernels belong: what is left is what onnxruntime adds', () => {
    const paths = new Set(
      contenders.flatMap(({ graph }) => deployForm(graph).graph.nodes.map(({ path }) => path)),
    );
    const strange = profile.networks.flatMap(({ kernels }) =>
      kernels.filter(({ path, kind }) => kind !== 'layout' && !paths.has(path)),
    );
    expect(strange).toEqual([]);
  });

  it('tells what the machine gives, and what each kernel moves', () => {
    expect(profile.peakMacsPerSecond).toBeGreaterThan(0);
    expect(profile.bytesPerSecond).toBeGreaterThan(0);
    expect(profile.profilerMs).toBeGreaterThanOrEqual(0);
    expect(profile.networks.every(({ kernels }) => kernels.every(({ bytes }) => bytes > 0))).toBe(true);
  });
});
