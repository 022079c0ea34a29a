import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { graphParameters, type Parameter } from '../../../harness/graph/parameters.js';
import { initialWeights } from '../../../harness/train/initialise.js';

const SITE = { input: [3, 32, 32], classes: 10 } as const;
const BLOCKS = ['inverted-residual', 'sandglass', 'fasternet', 'meta-light(spatial=repso)'];

const lightnet = (block: string) => buildNetwork(`lightnet(preset=small,block=${block})`, SITE);

const everyKernel = () => {
  const g = GraphBuilder.create();
  const x = g.input([32, 2, 2]);
  const dense = g.conv2d('dense', x, { outChannels: 64, kernel: 3 });
  const grouped = g.conv2d('grouped', dense, { outChannels: 64, kernel: [1, 3], groups: 8 });
  const depthwise = g.conv2d('depthwise', grouped, { outChannels: 128, kernel: 5, groups: 64 });
  const lines = g.channelConv('lines', depthwise, {
    filters: 16,
    kernel: [64, 1, 1],
    channelStride: 64,
    channelPadding: [0, 0],
  });
  return g.finish(g.dense('classifier', g.flatten('flatten', lines), 40));
};

const inSkeleton = ({ path }: Parameter): boolean => !path.includes('.blocks.');

describe('initial weights', () => {
  it('of the skeleton are bit for bit the same under every block', () => {
    const all = BLOCKS.map((block) => {
      const graph = lightnet(block);
      const weights = initialWeights(graph, 3);
      return graphParameters(graph)
        .filter(inSkeleton)
        .map(({ path }): [string, Float32Array | undefined] => [path, weights.get(path)]);
    });
    const [first = []] = all;
    expect(first.length).toBeGreaterThan(30);
    for (const other of all.slice(1)) expect(other).toEqual(first);
  });

  it('have kernels of mean 0 and variance 2 / fan-in', () => {
    const graph = everyKernel();
    const weights = initialWeights(graph, 1);
    const kernels = graphParameters(graph).filter(({ role }) => role === 'kernel');
    for (const {
      path,
      size,
      shape: [outputs = 1],
    } of kernels) {
      const deviation = Math.sqrt(2 / (size / outputs));
      const values = [...(weights.get(path) ?? [])].map((value) => value / deviation);
      expect(values).toHaveLength(size);
      const mean = values.reduce((sum, value) => sum + value, 0) / size;
      const square = values.reduce((sum, value) => sum + value * value, 0) / size;
      expect(Math.abs(mean), path).toBeLessThan(5 / Math.sqrt(size));
      expect(Math.abs(square - 1), path).toBeLessThan(5 * Math.sqrt(2 / size) + 30 / size);
    }
  });

  it('are drawn anew for every kernel, also those of one shape', () => {
    const graph = lightnet('inverted-residual');
    const weights = initialWeights(graph, 1);
    const kernels = graphParameters(graph).filter(({ role }) => role === 'kernel');
    const starts = kernels.map(({ path }) => weights.get(path)?.subarray(0, 4).join());
    expect(new Set(kernels.map(({ size }) => size)).size).toBeLessThan(kernels.length);
    expect(new Set(starts).size).toBe(kernels.length);
  });

  it('leave everything but kernels at its neutral value', () => {
    const g = GraphBuilder.create();
    const x = g.conv2d('conv', g.input([2, 3, 3]), { outChannels: 4, kernel: 1, bias: true });
    const graph = g.finish(g.prelu('act', g.batchNorm('bn', x)));
    const weights = initialWeights(graph, 1);
    const neutral = { bias: 0, gamma: 1, beta: 0, slope: 0.25, 'running-mean': 0, 'running-variance': 1 };
    const roles = new Set<string>();
    for (const { path, role } of graphParameters(graph)) {
      if (role === 'kernel') continue;
      roles.add(role);
      expect(new Set(weights.get(path)), path).toEqual(new Set([neutral[role]]));
    }
    expect(roles).toEqual(new Set(Object.keys(neutral)));
  });

  it('are the same for the same seed and others for another', () => {
    const graph = lightnet('inverted-residual');
    const weights = initialWeights(graph, 1);
    const other = initialWeights(graph, 2);
    expect(initialWeights(graph, 1)).toEqual(weights);
    for (const { path, role } of graphParameters(graph)) {
      if (role === 'kernel') expect(other.get(path), path).not.toEqual(weights.get(path));
    }
  });
});
