import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { type Conv2dOptions, GraphBuilder, type Value } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import type { Op, Pair } from '../../../harness/graph/operations/ops.js';
import type { MapShape } from '../../../harness/graph/shape.js';
import { randomStream } from '../../../harness/random.js';
import { checkDeploy, DEPLOY_TOLERANCE } from '../../../harness/rewrite/check.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { differenceOfForms } from '../../support/forms.js';
import { untrainedWeights } from '../../support/random.js';

/** Weights are rounded to float32 once; everything else is float64. */
const ROUNDING = 1e-6;

const graphOf = (shape: MapShape, build: (g: GraphBuilder, x: Value) => Value): Graph => {
  const g = GraphBuilder.create();
  return g.finish(build(g, g.input(shape)));
};

/** Printed as `path kind`, the input left out. */
const nodesOf = (graph: Graph): readonly string[] =>
  graph.nodes.slice(1).map(({ path, op }) => `${path} ${op.kind}`);

const convolutions = ({ nodes }: Graph): number => nodes.filter(({ op }) => op.kind === 'conv2d').length;

const expectOneConvolution = (graph: Graph, seed: number): Op<'conv2d'> => {
  const { graph: deployed } = deployForm(graph);
  const [, sum] = deployed.nodes;
  expect(nodesOf(deployed)).toEqual(['sum conv2d']);
  expect(differenceOfForms(graph, seed)).toBeLessThan(ROUNDING);
  if (sum?.op.kind !== 'conv2d') throw new Error('a convolution was found above');
  return sum.op;
};

const pair = <T>(side: fc.Arbitrary<T>): fc.Arbitrary<readonly [T, T]> => fc.tuple(side, side);

const size = pair(fc.integer({ min: 3, max: 8 }));

describe('branches of different dilations', () => {
  const branch = fc.record({
    kernel: pair(fc.constantFrom(1, 3, 5)),
    dilation: pair(fc.integer({ min: 1, max: 3 })),
  });
  const set = fc.record({
    branches: fc.array(branch, { minLength: 2, maxLength: 4 }),
    groups: fc.integer({ min: 1, max: 3 }),
    perGroup: fc.integer({ min: 1, max: 2 }),
    stride: fc.integer({ min: 1, max: 3 }),
    identity: fc.boolean(),
    size,
  });

  it('are one convolution that has their taps, whatever they are', () => {
    fc.assert(
      fc.property(set, fc.nat(), ({ branches, groups, perGroup, stride, identity, size }, seed) => {
        const channels = groups * perGroup;
        const graph = graphOf([channels, ...size], (g, x) => {
          const convs = branches.map((options, i) =>
            g.batchNorm(
              `bn${i}`,
              g.conv2d(`conv${i}`, x, { outChannels: channels, groups, stride, ...options }),
            ),
          );
          return g.add('sum', ...convs, ...(identity && stride === 1 ? [g.batchNorm('bn', x)] : []));
        });
        const { kernel, padding, dilation } = expectOneConvolution(graph, seed);
        for (const axis of [0, 1] as const) {
          const reach = Math.max(...branches.map((one) => (one.kernel[axis] - 1) * one.dilation[axis]));
          expect((kernel[axis] - 1) * dilation[axis]).toBe(reach);
          expect(2 * padding[axis]).toBe(reach);
        }
      }),
    );
  });

  it('keep a dilation that all of them share: RepVGG dilated by 2 is one 3x3 dilated by 2', () => {
    const graph = graphOf([4, 9, 9], (g, x) => {
      const branch = (kernel: number) =>
        g.batchNorm(`bn${kernel}`, g.conv2d(`conv${kernel}`, x, { outChannels: 4, kernel, dilation: 2 }));
      const point = g.batchNorm('bn', g.conv2d('conv', x, { outChannels: 4, kernel: 1 }));
      return g.add('sum', branch(3), branch(1), point, g.batchNorm('identity', x));
    });
    expect(expectOneConvolution(graph, 1)).toMatchObject({
      kernel: [3, 3],
      padding: [2, 2],
      dilation: [2, 2],
    });
  });

  it('are the large kernel of UniRepLKNet, of which all others are a part', () => {
    const graph = graphOf([3, 15, 15], (g, x) => {
      const branch = ([kernel, dilation]: Pair) =>
        g.conv2d(`conv${kernel}-${dilation}`, x, { outChannels: 3, kernel, dilation, groups: 3 });
      const sizes: readonly Pair[] = [
        [13, 1],
        [5, 1],
        [7, 2],
        [3, 3],
        [3, 4],
        [3, 5],
      ];
      return g.add('sum', ...sizes.map(branch));
    });
    expect(expectOneConvolution(graph, 2)).toMatchObject({ kernel: [13, 13], dilation: [1, 1], groups: 3 });
  });
});

interface DiverseBranches {
  readonly kernel: 3 | 5;
  readonly groups: number;
  readonly perGroup: number;
  readonly stride: 1 | 2;
  readonly withPoint: boolean;
  readonly withAverage: boolean;
  readonly withPlainAverage: boolean;
  readonly withIdentity: boolean;
  readonly size: readonly [number, number];
}

/**
 * The branches of Diverse Branch Block (arXiv:2103.13425, Fig. 2): k x k; 1x1; 1x1, norm, k x k; 1x1, norm, average. Where a norm stands
 * between, the 1x1 convolution pads, so that what the norm makes of zero is what the next convolution sees around the map.
 */
const diverseBranches = (set: DiverseBranches): Graph =>
  graphOf([set.groups * set.perGroup, ...set.size], (g, x) => {
    const { kernel, stride, groups } = set;
    const outChannels = groups * set.perGroup;
    const half = (kernel - 1) / 2;
    const norm = (name: string, y: Value) => g.batchNorm(`${name}.bn`, y);
    const conv = (name: string, y: Value, options: Partial<Conv2dOptions>) =>
      norm(name, g.conv2d(`${name}.conv`, y, { outChannels, groups, kernel: 1, ...options }));
    const padded = (name: string) => conv(name, x, { padding: half });
    return g.add(
      'sum',
      conv('square', x, { kernel, stride }),
      conv('sequence2', padded('sequence1'), { kernel, stride, padding: 0 }),
      ...(set.withPoint ? [conv('point', x, { stride })] : []),
      ...(set.withAverage
        ? [norm('average', g.avgPool('average.pool', padded('average1'), { kernel, stride }))]
        : []),
      ...(set.withPlainAverage
        ? [norm('plain', g.avgPool('plain.pool', x, { kernel, stride, padding: half }))]
        : []),
      ...(set.withIdentity && stride === 1 ? [norm('identity', x)] : []),
    );
  });

const diverse = fc.record<DiverseBranches>({
  kernel: fc.constantFrom(3, 5),
  groups: fc.integer({ min: 1, max: 3 }),
  perGroup: fc.integer({ min: 1, max: 3 }),
  stride: fc.constantFrom(1, 2),
  withPoint: fc.boolean(),
  withAverage: fc.boolean(),
  withPlainAverage: fc.boolean(),
  withIdentity: fc.boolean(),
  size,
});

describe('diverse branches', () => {
  it('are one convolution of the kernel of the largest', () => {
    fc.assert(
      fc.property(diverse, fc.nat(), (set, seed) => {
        const { kernel, stride, groups } = expectOneConvolution(diverseBranches(set), seed);
        expect(kernel).toEqual([set.kernel, set.kernel]);
        expect(stride).toEqual([set.stride, set.stride]);
        expect(groups).toBe(set.groups);
      }),
    );
  });

  it('pass the check that every deploy form must', async () => {
    const graph = diverseBranches({
      kernel: 3,
      groups: 1,
      perGroup: 8,
      stride: 1,
      withPoint: true,
      withAverage: true,
      withPlainAverage: true,
      withIdentity: true,
      size: [9, 9],
    });
    const check = await checkDeploy(
      onnxruntime,
      graph,
      untrainedWeights(graph, 1),
      deployForm(graph),
      randomStream(2),
    );
    expect(check.maxRelativeDifference).toBeLessThan(DEPLOY_TOLERANCE);
  });

  it('merge whatever is linear: a norm first, an average in the middle or at the end, three in a row', () => {
    const graph = graphOf([4, 8, 8], (g, x) => {
      const conv = (name: string, y: Value, kernel: number) =>
        g.batchNorm(`${name}.bn`, g.conv2d(name, y, { outChannels: 4, kernel, padding: 0 }));
      return g.add(
        'sum',
        conv('a', g.batchNorm('norm', x), 3),
        conv('b2', g.avgPool('pool', x, { kernel: 2 }), 2),
        conv('c3', conv('c2', conv('c1', x, 1), 2), 2),
        g.avgPool('average', conv('d', x, 1), { kernel: 3 }),
        conv('e2', conv('e1', x, 3), 1),
      );
    });
    expect(expectOneConvolution(graph, 3)).toMatchObject({ kernel: [3, 3], padding: [0, 0], bias: true });
  });

  it('subtract a branch: FastViT mixes by what a convolution adds to a norm', () => {
    const graph = graphOf([4, 6, 5], (g, x) => {
      const mixed = g.conv2d('mixer', x, { outChannels: 4, kernel: 3, groups: 4 });
      const norm = g.scaleGroups('all', g.batchNorm('norm', x), true);
      return g.add('sum', x, g.scale('layer', mixed, true), g.times('negative', norm, -1));
    });
    expect(expectOneConvolution(graph, 5)).toMatchObject({ kernel: [3, 3], groups: 4 });
  });

  it('scale groups of channels', () => {
    const graph = graphOf([6, 5, 4], (g, x) => {
      const scaled = g.scaleGroups('two', g.scaleGroups('three', x, true, 3), true, 2);
      return g.add('sum', x, g.conv2d('mixer', x, { outChannels: 6, kernel: 3, groups: 6 }), scaled);
    });
    expect(expectOneConvolution(graph, 6)).toMatchObject({ kernel: [3, 3], groups: 6, bias: true });
  });

  it('take the stride of the sequence', () => {
    const graph = graphOf([3, 13, 13], (g, x) => {
      const conv = (name: string, y: Value, kernel: number, stride: number) =>
        g.conv2d(name, y, { outChannels: 3, kernel, stride, padding: 0, bias: true });
      return g.add('sum', conv('b', conv('a', x, 3, 2), 3, 2), conv('c', x, 7, 4));
    });
    expect(expectOneConvolution(graph, 4)).toMatchObject({ kernel: [7, 7], stride: [4, 4] });
  });
});

describe('what may not merge, or would cost more', () => {
  const C = 8;
  const sumOf = (branches: (g: GraphBuilder, x: Value) => readonly Value[]) =>
    graphOf([C, 7, 7], (g, x) => g.add('sum', ...branches(g, x)));
  const conv = (g: GraphBuilder, name: string, x: Value, options: Partial<Conv2dOptions>) =>
    g.conv2d(name, x, { outChannels: C, kernel: 1, ...options });

  it.each<[string, number, Graph]>([
    [
      'a norm before a convolution that pads: around the map that one sees zero, not the shift of the norm',
      3,
      sumOf((g, x) => [
        conv(g, 'b2', g.batchNorm('bn', conv(g, 'b1', x, {})), { kernel: 3 }),
        conv(g, 'a', x, { kernel: 3 }),
      ]),
    ],
    [
      'a convolution with bias before an average that pads',
      2,
      sumOf((g, x) => [
        g.avgPool('pool', conv(g, 'b', x, { bias: true }), { kernel: 3, padding: 1 }),
        conv(g, 'a', x, { kernel: 3 }),
      ]),
    ],
    [
      'two padded convolutions in a row: the first goes on beyond the map',
      3,
      sumOf((g, x) => [
        conv(g, 'b2', conv(g, 'b1', x, { kernel: 3 }), { kernel: 3 }),
        conv(g, 'a', x, { kernel: 5 }),
      ]),
    ],
    [
      'two upright convolutions in a row, padded above and below',
      3,
      sumOf((g, x) => [
        conv(g, 'b2', conv(g, 'b1', x, { kernel: [3, 1] }), { kernel: [3, 1] }),
        conv(g, 'a', x, { kernel: 5 }),
      ]),
    ],
    [
      'two flat convolutions in a row, padded left and right',
      3,
      sumOf((g, x) => [
        conv(g, 'b2', conv(g, 'b1', x, { kernel: [1, 3] }), { kernel: [1, 3] }),
        conv(g, 'a', x, { kernel: 5 }),
      ]),
    ],
    [
      'an activation between',
      3,
      sumOf((g, x) => [
        conv(g, 'b2', g.activation('act', conv(g, 'b1', x, {}), 'relu'), {}),
        conv(g, 'a', x, {}),
      ]),
    ],
    [
      'a largest value in the place of an average',
      1,
      sumOf((g, x) => [g.maxPool('pool', x, { kernel: 3, padding: 1 }), conv(g, 'a', x, { kernel: 3 })]),
    ],
    [
      'a value that is read elsewhere too',
      3,
      sumOf((g, x) => {
        const b1 = conv(g, 'b1', x, {});
        return [conv(g, 'b2', b1, {}), conv(g, 'a', x, {}), g.activation('act', b1, 'relu')];
      }),
    ],
    [
      'a bottleneck around which the value is added',
      2,
      sumOf((g, x) => [conv(g, 'b2', conv(g, 'b1', x, { outChannels: 2 }), {}), x]),
    ],
    [
      'a depthwise and a pointwise convolution around which the value is added',
      2,
      sumOf((g, x) => [conv(g, 'b2', conv(g, 'b1', x, { kernel: 3, groups: C }), {}), x]),
    ],
    [
      'an average over a large window beside a pointwise convolution',
      1,
      sumOf((g, x) => [g.avgPool('pool', x, { kernel: 7, padding: 3 }), conv(g, 'a', x, {})]),
    ],
  ])('%s', (_what, expected, graph) => {
    const { graph: deployed } = deployForm(graph);
    expect(convolutions(deployed)).toBe(expected);
    expect(nodesOf(deployed)).not.toEqual(['sum conv2d']);
    expect(differenceOfForms(graph, 5)).toBeLessThan(ROUNDING);
  });

  it.each<[string, Graph]>([
    [
      'a padded sequence without norm or bias',
      sumOf((g, x) => [
        conv(g, 'b2', conv(g, 'b1', x, {}), { kernel: 3, bias: true }),
        conv(g, 'a', x, { kernel: 3 }),
      ]),
    ],
    [
      'a flat convolution and an upright one, each padded where the other is one pixel long',
      sumOf((g, x) => [
        conv(g, 'b2', conv(g, 'b1', x, { kernel: [1, 3] }), { kernel: [3, 1] }),
        conv(g, 'a', x, { kernel: 3 }),
      ]),
    ],
    [
      'a bottleneck beside a convolution that is as large as what it becomes',
      sumOf((g, x) => [conv(g, 'b2', conv(g, 'b1', x, { outChannels: 2 }), {}), conv(g, 'a', x, {}), x]),
    ],
    [
      'a sequence that is dearer than one convolution, around which the value is added',
      sumOf((g, x) => [conv(g, 'b2', conv(g, 'b1', x, { outChannels: 2 * C }), { kernel: 3 }), x]),
    ],
    [
      'sequences alone',
      sumOf((g, x) => [
        conv(g, 'b2', conv(g, 'b1', x, {}), { kernel: 3 }),
        conv(g, 'a2', conv(g, 'a1', x, {}), { kernel: 3 }),
      ]),
    ],
  ])('but not %s', (_what, graph) => {
    expectOneConvolution(graph, 6);
  });
});

/** Sums of chains of any linear operations, from values of which some are activated: most may not merge, or not whole. */
const anySum: fc.Arbitrary<Graph> = fc
  .record({
    chains: fc.array(
      fc.record({
        fromStart: fc.boolean(),
        steps: fc.array(
          fc.record({
            kind: fc.constantFrom('conv', 'conv', 'norm', 'average', 'times', 'act'),
            kernel: pair(fc.constantFrom(1, 1, 2, 3)),
            dilation: fc.integer({ min: 1, max: 2 }),
            groups: fc.constantFrom(1, 2, 4),
            bias: fc.boolean(),
          }),
          { maxLength: 3 },
        ),
      }),
      { minLength: 2, maxLength: 4 },
    ),
    size: pair(fc.integer({ min: 2, max: 6 })),
  })
  .map(({ chains, size }) =>
    graphOf([4, ...size], (g, x) => {
      const activated = g.activation('act', x, 'silu');
      const ends = chains.map(({ fromStart, steps }, i) => {
        let y = fromStart ? x : activated;
        for (const [j, { kind, kernel, dilation, groups, bias }] of steps.entries()) {
          const [name, [height, width]] = [`${i}.${j}`, kernel];
          const reach: Pair = [(height - 1) * dilation, (width - 1) * dilation];
          // An even kernel would change the size of the map.
          const isOdd = reach[0] % 2 === 0 && reach[1] % 2 === 0;
          if (kind === 'conv') {
            const taps: Pair = isOdd ? kernel : [1, 1];
            y = g.conv2d(name, y, { outChannels: 4, kernel: taps, dilation, groups, bias });
          } else if (kind === 'norm') y = g.batchNorm(name, y);
          // No few of its products and ones sum up to zero, of which no difference is a part.
          else if (kind === 'times') y = g.times(name, y, -0.7);
          else if (kind === 'average') y = g.avgPool(name, y, { kernel: 3, padding: 1 });
          else y = g.activation(name, y, 'silu');
        }
        return y;
      });
      return g.add('sum', ...ends, activated);
    }),
  );

describe('any sum of chains', () => {
  it('computes the same, by no more convolutions and averages, and is its own deploy form', () => {
    const linear = ({ nodes }: Graph) =>
      nodes.filter(({ op }) => op.kind === 'conv2d' || op.kind === 'avgPool').length;
    fc.assert(
      fc.property(anySum, fc.nat(), (graph, seed) => {
        const deployed = deployForm(graph).graph;
        expect(linear(deployed)).toBeLessThanOrEqual(linear(graph));
        expect(nodesOf(deployForm(deployed).graph)).toEqual(nodesOf(deployed));
        expect(differenceOfForms(graph, seed)).toBeLessThan(ROUNDING);
      }),
      { numRuns: 300 },
    );
  });
});
