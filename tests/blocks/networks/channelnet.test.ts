import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { learnable } from '../learnable.js';

const build = (id: string, size = 224, classes = 1000) =>
  buildNetwork(id, { input: [3, size, size], classes });

const bn = (channels: number) => 2 * channels;

const separable = (from: number, to: number, groups = 1) => 9 * from + (from * to) / groups + bn(to);

/** Layers 1 to 11 of the table: stem, separable convolutions, two GCWM (16 weights in their two kernels) and a GM. */
const TRUNK =
  27 * 32 +
  bn(32) +
  separable(32, 64) +
  separable(64, 128) +
  separable(128, 128) +
  separable(128, 256) +
  separable(256, 256) +
  separable(256, 512) +
  2 * (16 + 2 * separable(512, 512, 2)) +
  2 * separable(512, 512, 2) +
  separable(512, 1024);

const CLASSIFIER = 1024 * 1000 + 1000;
const CHANNELWISE = 9 * 1024 + 64;

describe('ChannelNet', () => {
  it.each([
    ['channelnet-v1', separable(1024, 1024) + CLASSIFIER],
    ['channelnet-v2', CHANNELWISE + CLASSIFIER],
    ['channelnet-v3', CHANNELWISE + 7 * 7 * 25],
  ])('%s has the parameters of its table', (id, end) => {
    expect(learnable(build(id))).toBe(TRUNK + end);
  });

  it('v3 gives a logit for each class', () => {
    expect(build('channelnet-v3', 224, 10).output.shape).toEqual([10]);
    expect(build('channelnet-v3', 224, 1024).output.shape).toEqual([1024]);
  });

  it('v3 takes the one size that its classifier spans, and as many classes as fit', () => {
    for (const size of [192, 200, 256]) {
      expect(() => build('channelnet-v3', size)).toThrow(`cannot take images of ${size}x${size}`);
      expect(build('channelnet-v2', size).output.shape).toEqual([1000]);
    }
    expect(() => build('channelnet-v3', 224, 1025)).toThrow('cannot classify 1025 classes');
  });
});
