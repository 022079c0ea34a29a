import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { fingerprint, printGraph, skeletonFingerprint } from '../../../harness/graph/print.js';

const network = ({ kernel = 3, stem = 8 } = {}): Graph => {
  const g = GraphBuilder.create();
  const x = g.conv2d('stem', g.input([3, 8, 8]), { outChannels: stem, kernel: 3 });
  const block = g.block('blocks.0');
  const y = block.conv2d('dw', x, { outChannels: stem, kernel, groups: stem });
  return g.finish(g.dense('fc', g.flatten('flatten', g.globalAvgPool('pool', y)), 10));
};

describe('printing', () => {
  it('gives one line a node with path, attributes, inputs and shape', () => {
    expect(
      printGraph(network())
        .split('\n')
        .map((line) => line.trim().replaceAll(/ {2,}/g, ' | ')),
    ).toEqual([
      'input | input shape=3x8x8 | 3x8x8',
      'stem | conv2d outChannels=8 kernel=3x3 stride=1x1 padding=1x1 dilation=1x1 groups=1 bias=false | <- input | 8x8x8',
      'blocks.0.dw | conv2d outChannels=8 kernel=3x3 stride=1x1 padding=1x1 dilation=1x1 groups=8 bias=false | <- stem | 8x8x8',
      'pool | globalAvgPool | <- blocks.0.dw | 8x1x1',
      'flatten | flatten | <- pool | 8',
      'fc | dense outFeatures=10 bias=true | <- flatten | 10',
    ]);
  });

  it('fingerprints structure and attributes', () => {
    expect(fingerprint(network())).toBe(fingerprint(network()));
    expect(fingerprint(network({ kernel: 5 }))).not.toBe(fingerprint(network()));
  });

  it('leaves the block out of the skeleton, and nothing else', () => {
    expect(skeletonFingerprint(network({ kernel: 5 }))).toBe(skeletonFingerprint(network()));
    expect(skeletonFingerprint(network({ stem: 16 }))).not.toBe(skeletonFingerprint(network()));
  });
});
