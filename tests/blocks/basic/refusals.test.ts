/** Widths and strides that a block cannot take are refused with the nearest that it can. */
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import type { BlockSite } from '../../../blocks/part.js';

const refusal = (id: string, channels: number, site: Partial<BlockSite> = {}) => {
  try {
    buildAlone(id, [channels, 8, 8], site);
  } catch (error) {
    return error;
  }
  throw new Error(`${id} takes ${channels} channels`);
};

const cases: readonly [
  id: string,
  channels: number,
  site: Partial<BlockSite>,
  message: string,
  remedy: string,
][] = [
  ['shufflenet-v1-unit', 30, {}, 'a quarter of 30 output channels', '28 and 32'],
  ['shufflenet-v1-unit', 32, { stride: 2 }, '32 output channels are too few', 'more than 32'],
  [
    'shufflenet-v1-unit(groups=3)',
    32,
    {},
    'shufflenet-v1-unit: 3 groups do not divide 32 and 8 channels',
    '2 and 4',
  ],
  ['shufflenet-v2-unit', 31, {}, '31 output channels cannot be halved', '30 and 32'],
  ['igcv1-block(partitions=5)', 32, {}, '5 groups do not divide 32 input channels', '4 and 8'],
  ['igcv3-block(groups=5)', 32, {}, 'igcv3-block: 5 groups do not divide 32 and 192 channels', '4 and 8'],
  [
    'igcv3-block(groups=4)',
    32,
    { outChannels: 30 },
    'igcv3-block: 4 groups do not divide 30 channels',
    'For widths 32, 192, 30, the nearest valid numbers of groups are 2.',
  ],
  ['channelwise-separable', 32, { outChannels: 48 }, 'cannot map 32 channels to 48', '32 and 64'],
  ['channelwise-separable(depth=4)', 32, { outChannels: 5 }, 'cannot map 32 channels to 5', 'are 8.'],
  [
    'universal-inverted-bottleneck(start=0,middle=0)',
    32,
    { stride: 2 },
    'cannot take stride 2',
    'use stride 1',
  ],
  ['universal-inverted-bottleneck(expansion=1.3)', 32, {}, 'gives 41.6 hidden channels', '41/32'],
  ['ghost-bottleneck(expansion=1.3)', 32, {}, 'gives 41.6 hidden channels', '41/32'],
  ['repghost(expansion=1.3)', 32, {}, 'gives 41.6 hidden channels', '41/32'],
  ['starnet(expansion=1.3)', 32, {}, 'gives 41.6 hidden channels', '41/32'],
];

describe('a block that cannot stand somewhere', () => {
  it.each(cases)('%s with %i channels, %o: %s', (id, channels, site, message, remedy) => {
    expect(refusal(id, channels, site)).toMatchObject({
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    });
  });
});
