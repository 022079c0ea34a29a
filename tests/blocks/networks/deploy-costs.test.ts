/**
 * Deploy forms against timm 1.0.31: models re-parameterised, every norm folded into the convolution before it, parameters counted and
 * multiply-adds taken by hooks.
 */
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { cost } from '../../../harness/cost/cost.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';

const deployed = (network: string, size: number) =>
  deployForm(buildNetwork(network, { input: [3, size, size], classes: 1000 })).graph;

const kindsOf = (network: string): readonly string[] => deployed(network, 64).nodes.map(({ op }) => op.kind);

const count = (kinds: readonly string[], kind: string): number =>
  kinds.filter((candidate) => candidate === kind).length;

describe('the deploy form', () => {
  it.each([
    ['mobileone-s0', 224, 2_078_504, 275_110_400],
    ['mobileone-s0', 97, 2_078_504, 65_222_816],
    ['mobileone-s1', 224, 4_764_840, 825_057_024],
    ['mobileone-s2', 224, 7_808_168, 1_298_426_496],
    ['repvgg-a0', 224, 8_309_384, 1_361_451_008],
    ['repvgg-a0', 97, 8_309_384, 334_232_336],
    ['repghostnet', 224, 4_051_648, 142_394_128],
    ['repghostnet(width=0.58)', 224, 2_533_576, 59_804_016],
    ['repghostnet(width=1.5)', 224, 6_542_368, 301_315_856],
    ['ghostnet', 224, 5_171_524, 141_150_512],
    ['ghostnet(width=0.5)', 224, 2_581_800, 42_328_152],
    ['pp-lcnet', 224, 2_948_328, 155_700_480],
    ['pp-lcnet(width=0.5)', 224, 1_878_120, 44_731_008],
    ['fasternet-t0', 224, 3_900_660, 335_422_720],
    ['starnet-s1', 224, 2_862_432, 421_877_376],
  ])(
    'of %s at %i px has the parameters and multiply-adds of the merged model',
    (network, size, params, macs) => {
      expect(cost(deployed(network, size))).toMatchObject({ params, macs });
    },
  );

  it.each([
    ['repvgg-a0', 1 + 2 + 4 + 14 + 1],
    ['mobileone-s0', 1 + 2 * (2 + 8 + 10 + 1)],
    ['mobileone-s1', 1 + 2 * (2 + 8 + 10 + 1)],
    ['mobileone-s2', 1 + 2 * (2 + 8 + 10 + 1)],
  ])('of %s is %i convolutions in a row', (network, convolutions) => {
    const kinds = kindsOf(network);
    expect(count(kinds, 'conv2d')).toBe(convolutions);
    expect(new Set(kinds)).toEqual(
      new Set(['input', 'conv2d', 'activation', 'globalAvgPool', 'flatten', 'dense']),
    );
  });

  it('of RepGhostNet has sums at the shortcuts only, and no scale', () => {
    const kinds = kindsOf('repghostnet');
    expect(count(kinds, 'add')).toBe(16);
    expect(count(kinds, 'scale')).toBe(0);
  });
});
