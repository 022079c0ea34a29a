import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { UserError } from '../../../harness/user/user-error.js';
import { kernelWeights, learnable } from '../learnable.js';

const build = (choice: string, from: number, to: number) =>
  buildAlone(choice, [from, 2, 2], { outChannels: to });

const conv = (choice: string, from: number, to: number) => build(choice, from, to).nodes[1]?.op;

describe('a channel-wise convolution', () => {
  it('is that of ChannelNet: 64 weights, 31 zeros before and 32 after', () => {
    expect(conv('channelwise', 1024, 1024)).toEqual({
      kind: 'channelConv',
      filters: 1,
      kernel: [64, 1, 1],
      channelStride: 1,
      channelPadding: [31, 32],
    });
  });

  it('in two groups is that of ChannelNet: 16 weights, three zeros on both ends', () => {
    expect(conv('group-channelwise', 512, 512)).toEqual({
      kind: 'channelConv',
      filters: 2,
      kernel: [8, 1, 1],
      channelStride: 2,
      channelPadding: [3, 3],
    });
  });

  it.each([
    ['channelwise', 64, 256, 4 * 64],
    ['channelwise', 256, 64, 64],
    ['channelwise(window=5)', 64, 64, 5],
    ['channelwise(window=5)', 24, 36, 3 * 5],
    ['channelwise', 8, 32, 4 * 8],
    ['group-channelwise', 64, 128, 2 * 2 * 8],
    ['group-channelwise(groups=4)', 64, 64, 4 * 16],
    ['group-channelwise', 128, 32, 2 * 32],
  ])('%s, %i -> %i, has so many kernels of its window, and a batch norm', (choice, from, to, weights) => {
    expect(kernelWeights(build(choice, from, to))).toBe(weights);
    expect(learnable(build(choice, from, to))).toBe(weights + 2 * to);
  });

  it('goes from any number of channels to any other', () => {
    const channels = fc.integer({ min: 1, max: 96 });
    fc.assert(
      fc.property(channels, channels, (from, to) => {
        expect(build('channelwise', from, to).output.shape).toEqual([to, 2, 2]);
      }),
    );
  });

  it('in groups takes what divides both numbers of channels', () => {
    const channels = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(channels, channels, fc.integer({ min: 1, max: 6 }), (from, to, groups) => {
        const attempt = () => build(`group-channelwise(groups=${groups})`, from, to);
        if (from % groups === 0 && to % groups === 0) expect(attempt().output.shape).toEqual([to, 2, 2]);
        else expect(attempt).toThrow(UserError);
      }),
    );
  });

  it.each([
    ['group-channelwise(groups=3)', 32, 32, '3 groups do not divide 32', 'numbers of groups are 2 and 4.'],
    ['channelwise(window=65)', 64, 64, 'a window of 65 does not fit', 'use 1 to 64.'],
    [
      'channelwise(window=3)',
      64,
      16,
      'a window of 3 does not fit',
      'The window moves by 4 channels: use 4 to 64.',
    ],
  ])('%s cannot go from %i to %i', (choice, from, to, message, remedy) => {
    const attempt = () => build(choice, from, to);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ remedy: expect.stringContaining(remedy) }));
  });
});
