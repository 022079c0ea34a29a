import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import { UserError } from '../../../../harness/user/user-error.js';

const onInput = (channels: number, size: number) => {
  const g = GraphBuilder.create();
  return { g, x: g.input([channels, size, size]) };
};

const errorOf = (build: () => unknown): UserError => {
  try {
    build();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
};

describe('graph builder', () => {
  it('prefixes paths with scopes and marks the nodes of a block', () => {
    const { g, x } = onInput(8, 4);
    const block = g.scope('stages').scope(1).block('blocks.2');
    const y = block.scope('expand').conv2d('conv', x, { outChannels: 16, kernel: 1 });
    const graph = g.finish(g.batchNorm('bn', y));
    expect(graph.nodes.map((node) => node.path)).toEqual(['input', 'stages.1.blocks.2.expand.conv', 'bn']);
    expect(graph.nodes.map((node) => node.block)).toEqual([undefined, 'stages.1.blocks.2', undefined]);
  });

  it('refuses two nodes of one path', () => {
    const { g, x } = onInput(8, 4);
    g.batchNorm('bn', x);
    expect(errorOf(() => g.batchNorm('bn', x)).message).toBe('Two nodes have the same path, bn.');
  });

  it('refuses a value that nothing uses', () => {
    const { g, x } = onInput(8, 4);
    g.batchNorm('forgotten', x);
    const y = g.batchNorm('used', x);
    expect(errorOf(() => g.finish(y)).message).toBe('forgotten is computed but never used.');
  });

  it('refuses an output of another graph', () => {
    const { g } = onInput(8, 4);
    expect(errorOf(() => g.finish(onInput(8, 4).x)).message).toBe('The output is not a value of this graph.');
  });

  it('keeps its input when the caller changes the shape afterwards', () => {
    const shape: [number, number, number] = [8, 4, 4];
    const g = GraphBuilder.create();
    const x = g.input(shape);
    shape[0] = 3;
    expect(g.finish(x).input.shape).toEqual([8, 4, 4]);
  });

  it.each([
    {
      what: 'groups that do not divide the channels',
      build: () => {
        const { g, x } = onInput(12, 4);
        g.scope('pw').conv2d('conv', x, { outChannels: 12, kernel: 1, groups: 5 });
      },
      message: 'pw.conv (conv2d): 5 groups do not divide 12 input channels.',
      remedy: 'The nearest valid numbers of groups are 4 and 6.',
    },
    {
      what: 'a kernel larger than the padded input',
      build: () => {
        const { g, x } = onInput(4, 3);
        g.conv2d('conv', x, { outChannels: 4, kernel: 7, padding: 1 });
      },
      message: 'conv (conv2d): its kernel spans 7 but the padded height is 5.',
      remedy: 'Use a kernel of at most 5, more padding, a larger input, or a smaller stride before it.',
    },
    {
      what: 'a sum of unequal shapes',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.add('sum', x, g.conv2d('conv', x, { outChannels: 8, kernel: 1 }));
      },
      message: 'sum (add): got inputs of 4x8x8 and 8x8x8.',
      remedy: 'Make the shapes equal.',
    },
    {
      what: 'a number of groups above all that divide',
      build: () => {
        const { g, x } = onInput(12, 4);
        g.conv2d('conv', x, { outChannels: 12, kernel: 1, groups: 24 });
      },
      message: 'conv (conv2d): 24 groups do not divide 12 input channels.',
      remedy: 'The nearest valid number of groups is 12.',
    },
    {
      what: 'scores of unlike channels',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.matMul('scores', x, g.slice('keys', x, 0, 2), { product: 'pixel-scores' });
      },
      message: 'scores (matMul): a group has 4 channels in its first input and 2 in its second.',
      remedy: 'Give both as many channels.',
    },
    {
      what: 'weights for other pixels',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.matMul('values', x, x, { product: 'weighted-pixels' });
      },
      message: 'values (matMul): a group of its first input has 4 channels and its second 64 pixels.',
      remedy: 'Give the first a channel for each pixel of the second.',
    },
    {
      what: 'linear attention whose values lie elsewhere than its keys',
      build: () => {
        const { g, x } = onInput(4, 8);
        const value = g.maxPool('pool', x, { kernel: 2, stride: 2 });
        g.linearAttention('attention', { query: x, key: x, value });
      },
      message: 'attention (linearAttention): its keys are a map of 8x8 and its values of 4x4.',
      remedy: 'Make the heights and widths equal.',
    },
    {
      what: 'a factor for each of several groups that do not divide the channels',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.scaleGroups('scale', x, false, 3);
      },
      message: 'scale (scaleGroups): 3 groups do not divide 4 channels.',
      remedy: 'The nearest valid numbers of groups are 2 and 4.',
    },
    {
      what: 'blocks that do not divide the map',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.spaceToDepth('blocks', x, 3);
      },
      message: 'blocks (spaceToDepth): blocks of 3x3 do not divide a map of 8x8.',
      remedy: 'Use a block size that divides both, or pad the map before it.',
    },
    {
      what: 'a product of unequal shapes',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.mul('mul', x, g.maxPool('pool', x, { kernel: 2, stride: 2 }));
      },
      message: 'mul (mul): got inputs of 4x8x8 and 4x4x4.',
      remedy: 'Make the shapes equal, or give a second of one pixel per channel, or of one channel.',
    },
    {
      what: 'a concatenation of maps of unequal sizes',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.concat('cat', x, g.conv2d('conv', x, { outChannels: 6, kernel: 3, stride: 2 }));
      },
      message: 'cat (concat): got maps of 4x8x8 and 6x4x4.',
      remedy: 'Make the heights and widths equal.',
    },
    {
      what: 'a pool with windows of padding alone',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.avgPool('pool', x, { kernel: 2, padding: [0, 2] });
      },
      message: 'pool (avgPool): padding=0x2 lets a window of 2x2 fall entirely on padding.',
      remedy: 'Use less padding than the kernel size.',
    },
    {
      what: 'an activation of a vector',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.activation('act', g.flatten('flat', x) as typeof x, 'relu');
      },
      message: 'act (activation): got a vector of 256 features.',
      remedy: 'Pass a map of channels x height x width.',
    },
    {
      what: 'a value of another graph, though it has the same number and shape',
      build: () => {
        const { g, x } = onInput(4, 8);
        const other = onInput(4, 8);
        g.scope('a').add('sum', x, other.x);
      },
      message: 'a.sum (add): input 2 of 2 is not a value of this graph.',
      remedy: 'Pass a value returned by a method of this builder or of one of its scopes.',
    },
    {
      what: 'a second input',
      build: () => {
        const { g } = onInput(4, 8);
        g.scope('block').input([4, 8, 8]);
      },
      message: 'block.input would be a second input.',
      remedy: 'Call g.input once, before every other operation.',
    },
    {
      what: 'a name that could be no path',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.scope('stage').batchNorm('my norm', x);
      },
      message: "'my norm' is not a valid name in stage.",
      remedy: 'Use letters, digits, - and _; dots may join words.',
    },
    {
      what: 'an output with too many values',
      build: () => {
        const { g, x } = onInput(64, 2048);
        g.conv2d('wide', x, { outChannels: 128, kernel: 1 });
      },
      message: 'wide (conv2d): its output of 128x2048x2048 has more than 268435456 values.',
      remedy: 'Use fewer channels or a smaller map.',
    },
    {
      what: 'too many nodes',
      build: () => {
        const { g, x } = onInput(1, 1);
        let y = x;
        for (let i = 0; ; i++) y = g.activation(`act${i}`, y, 'relu');
      },
      message: 'act65535: the graph already has 65536 nodes, the maximum.',
      remedy: 'Build a smaller network.',
    },
    {
      what: 'a dense layer on a map',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.dense('fc', x, 10);
      },
      message: 'fc (dense): got a map of 4x8x8.',
      remedy: 'Flatten the map to a vector first.',
    },
    {
      what: 'a slice beyond the channels',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.slice('half', x, 2, 6);
      },
      message: 'half (slice): takes channels 2 to 6 of 4.',
      remedy: 'Choose 0 <= start < end <= 4.',
    },
  ])('names the path, the numbers and the remedy for $what', ({ build, message, remedy }) => {
    expect(errorOf(build)).toMatchObject({ message, remedy });
  });

  it.each([
    [3, 1, 32, 32],
    [3, 2, 32, 16],
    [3, 2, 7, 4],
    [5, 2, 14, 7],
    [1, 2, 7, 4],
    [7, 1, 9, 9],
  ])('a kernel of %i at stride %i takes %i pixels to %i', (kernel, stride, size, expected) => {
    const { g, x } = onInput(4, size);
    expect(g.conv2d('conv', x, { outChannels: 6, kernel, stride }).shape).toEqual([6, expected, expected]);
  });
});
