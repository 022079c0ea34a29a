import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../harness/graph/builder.js';
import { UserError } from '../../../harness/user-error.js';

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
    expect(errorOf(() => g.batchNorm('bn', x)).message).toBe('Two nodes have the path bn.');
  });

  it('refuses a value that nothing uses', () => {
    const { g, x } = onInput(8, 4);
    g.batchNorm('forgotten', x);
    const y = g.batchNorm('used', x);
    expect(errorOf(() => g.finish(y)).message).toBe('forgotten is computed but never used.');
  });

  it.each([
    {
      what: 'groups that do not divide the channels',
      build: () => {
        const { g, x } = onInput(12, 4);
        g.scope('pw').conv2d('conv', x, { outChannels: 12, kernel: 1, groups: 5 });
      },
      message: 'pw.conv (conv2d): 5 groups do not divide 12 input channels.',
      remedy: 'The nearest admissible numbers of groups are 4 and 6.',
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
      remedy: 'Give inputs of one shape.',
    },
    {
      what: 'a dense layer on a map',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.dense('fc', x, 10);
      },
      message: 'fc (dense): got a map of 4x8x8.',
      remedy: 'It takes a vector: flatten the map first.',
    },
    {
      what: 'a slice beyond the channels',
      build: () => {
        const { g, x } = onInput(4, 8);
        g.slice('half', x, 2, 6);
      },
      message: 'half (slice): takes channels 2 to 6 of 4.',
      remedy: 'Give 0 <= start < end <= 4.',
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
