import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { graphParameters, type Weights } from '../../../harness/graph/parameters.js';
import { kernelMagnitudes } from '../../../harness/measure/kernel-magnitudes.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { randomWeights } from '../../support/random.js';
import { tinyNetwork } from '../../support/tiny-network.js';

const depthwise = (kernel: number, channels = 4, options = {}): Graph => {
  const g = GraphBuilder.create();
  const x = g.input([channels, 9, 9]);
  return g.finish(g.conv2d('conv', x, { outChannels: channels, kernel, groups: channels, ...options }));
};

/** The weights of every convolution, by their position in it. */
const filled = (graph: Graph, value: (index: number) => number): Weights =>
  new Map(
    graphParameters(graph).map(({ path, size }) => [
      path,
      Float32Array.from({ length: size }, (_, i) => value(i)),
    ]),
  );

const sides = [3, 5, 7];

describe.each(sides)('the magnitudes of %ix%i kernels', (side) => {
  const taps = side * side;
  const centre = (taps - 1) / 2;

  it('are all in the centre where every other tap is zero', () => {
    const graph = depthwise(side);
    const [found, ...others] = kernelMagnitudes(
      graph,
      filled(graph, (i) => (i % taps === centre ? -0.3 : 0)),
    );
    expect(others).toEqual([]);
    expect(found).toMatchObject({ kernel: side, layers: 1, kernels: 4 });
    expect(found?.matrix.flat()).toEqual(Array.from({ length: taps }, (_, tap) => (tap === centre ? 1 : 0)));
  });

  it('are 1 / k² everywhere where all taps weigh alike, whatever their signs, the stride and the dilation', () => {
    const graph = depthwise(side, 4, { stride: 2, dilation: 2, outChannels: 8 });
    const [found] = kernelMagnitudes(
      graph,
      filled(graph, (i) => (i % 2 === 0 ? 2 : -2)),
    );
    expect(found?.kernels).toBe(8);
    for (const share of found?.matrix.flat() ?? []) expect(share).toBeCloseTo(1 / taps, 12);
  });

  it('stand in their row and column, sum to 1, and do not change with a factor per channel', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (factors) => {
          const graph = depthwise(side);
          const weights = filled(
            graph,
            (i) => (1 + (i % taps)) * (factors[Math.floor(i / taps)] ?? Number.NaN),
          );
          const [found] = kernelMagnitudes(graph, weights);
          found?.matrix.flat().forEach((share, tap) => {
            expect(share).toBeCloseTo((1 + tap) / ((taps * (taps + 1)) / 2), 6);
          });
        },
      ),
    );
  });
});

describe('kernels', () => {
  it('count alike: the mean is over them all, those that are zero left out', () => {
    const graph = depthwise(3, 3);
    const weights = filled(graph, (i) => [100, 0, 1][Math.floor(i / 9)] ?? Number.NaN);
    for (const values of weights.values()) values[18] = 2;
    const [found] = kernelMagnitudes(graph, weights);
    expect(found?.kernels).toBe(2);
    expect(found?.matrix[0]?.[0]).toBeCloseTo((1 / 9 + 2 / 10) / 2);
    expect(
      kernelMagnitudes(
        graph,
        filled(graph, () => 0),
      ),
    ).toEqual([]);
  });

  it('that are dense, not square, even or of one tap do not count', () => {
    for (const [kernel, groups] of [
      [3, 1],
      [3, 2],
      [[1, 3], 4],
      [2, 4],
      [1, 4],
    ] as const) {
      const graph = depthwise(3, 4, { kernel, groups });
      expect(kernelMagnitudes(graph, randomWeights(graph, 1))).toEqual([]);
    }
  });

  it('are those of all layers, and of the deploy form where branches merge', () => {
    const graph = tinyNetwork('meta-light(spatial=repso,expansion=2)');
    const { graph: deployed, convert } = deployForm(graph);
    const [found, ...others] = kernelMagnitudes(deployed, convert(randomWeights(graph, 3)));
    // Two in the stem, at its width and at that of the first stage, and one in each block at twice its width.
    expect(found).toMatchObject({ kernel: 3, layers: 4, kernels: 4 + 8 + 16 + 32 });
    expect(others).toEqual([]);
    expect(found?.matrix.flat().reduce((sum, share) => sum + share)).toBeCloseTo(1);
    expect(kernelMagnitudes(buildAlone('pointwise', [8, 4, 4]), new Map())).toEqual([]);
  });
});
