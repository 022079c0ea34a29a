/** Every registered operator and block alone, and every block in LightNet. */
import { describe, expect, it } from 'vitest';
import { buildAlone, buildNetwork } from '../../blocks/build.js';
import { REGISTRY } from '../../blocks/registry.js';
import { skeletonFingerprint } from '../../harness/graph/print.js';
import { isMap } from '../../harness/graph/shape.js';
import { UserError } from '../../harness/user/user-error.js';

/** Parts that have no form at stride 2, and why. */
const KEEPS_THE_SIZE: Readonly<Record<string, string>> = {
  identity: 'it has no operation',
  partial: 'channels pass unchanged',
  fasternet: 'channels pass PConv unchanged',
};

const ids = (kind: 'spatial' | 'channel' | 'block'): readonly string[] => REGISTRY[kind].map(({ id }) => id);

const CHANNELS = [8, 12, 32, 96] as const;

describe.each(ids('spatial'))('the spatial operator %s', (id) => {
  it.each(CHANNELS)('keeps %i channels and the size of odd and even maps', (channels) => {
    expect(buildAlone(id, [channels, 9, 12]).output.shape).toEqual([channels, 9, 12]);
  });

  it.each(CHANNELS)('halves the map of %i channels, rounding up, or says that it cannot', (channels) => {
    const build = () => buildAlone(id, [channels, 9, 12], { stride: 2 });
    if (id in KEEPS_THE_SIZE) expect(build).toThrow(`${id} cannot take stride 2`);
    else expect(build().output.shape).toEqual([channels, 5, 6]);
  });

  it('does not change the number of channels', () => {
    expect(() => buildAlone(id, [8, 9, 9], { outChannels: 16 })).toThrow(UserError);
  });
});

describe.each(ids('channel'))('the channel operator %s', (id) => {
  it.each([
    [8, 32],
    [32, 8],
    [32, 32],
    [32, 128],
    [128, 32],
    [12, 72],
    [256, 1024],
  ])('gives %i -> %i channels and keeps the size of the map', (from, to) => {
    expect(buildAlone(id, [from, 5, 7], { outChannels: to }).output.shape).toEqual([to, 5, 7]);
  });

  it('has no stride', () => {
    expect(() => buildAlone(id, [8, 9, 9], { stride: 2 })).toThrow(UserError);
  });
});

describe.each(ids('block'))('the block %s', (id) => {
  it.each([8, 12, 32, 96])(
    'keeps the shape of %i channels at stride 1, with or without a change of width',
    (channels) => {
      expect(buildAlone(id, [channels, 8, 8]).output.shape).toEqual([channels, 8, 8]);
      expect(buildAlone(id, [channels, 8, 8], { outChannels: 2 * channels }).output.shape).toEqual([
        2 * channels,
        8,
        8,
      ]);
    },
  );

  it('halves the map at stride 2 and changes the width, or says that it cannot', () => {
    const build = () => buildAlone(id, [32, 8, 8], { stride: 2, outChannels: 64 });
    if (id in KEEPS_THE_SIZE) expect(build).toThrow(`${id} cannot take stride 2`);
    else expect(build().output.shape).toEqual([64, 4, 4]);
  });

  it.each(['relu6', 'silu'] as const)(
    'has no activation other than the one of its site: %s',
    (activation) => {
      const functions = buildAlone(id, [32, 8, 8], { activation }).nodes.flatMap(({ op }) =>
        op.kind === 'activation' ? [op.function] : [],
      );
      expect(new Set(functions)).toEqual(new Set([activation]));
    },
  );

  it.each([
    ['imagenet', [3, 64, 64]],
    ['small', [1, 32, 32]],
    ['small', [3, 28, 28]],
  ] as const)('stands at every position of LightNet %s, and the skeleton stays the same', (preset, input) => {
    const build = (block: string) =>
      buildNetwork({ id: 'lightnet', set: { preset, block } }, { input, classes: 10 });
    const network = build(id);
    expect(network.output.shape).toEqual([10]);
    expect(skeletonFingerprint(network)).toBe(skeletonFingerprint(build('meta-light')));
    const blocks = new Set(network.nodes.flatMap(({ block }) => block ?? []));
    expect(blocks.size).toBe(preset === 'imagenet' ? 18 : 6);
  });
});

describe.each([
  ['spatial', (id: string) => ({ spatial: id })],
  ['channel', (id: string) => ({ expand: id, project: id })],
] as const)('every %s operator', (kind, slots) => {
  it.each(ids(kind))('%s stands in Meta Light at every stage of LightNet', (id) => {
    for (const [preset, size] of [
      ['imagenet', 64],
      ['small', 32],
    ] as const) {
      const block = { id: 'meta-light', set: slots(id) };
      const set = { preset, block };
      const network = buildNetwork({ id: 'lightnet', set }, { input: [3, size, size], classes: 10 });
      expect(network.output.shape).toEqual([10]);
    }
  });
});

describe('what is registered as unable to stride', () => {
  it.each(Object.keys(KEEPS_THE_SIZE))('%s exists', (id) => {
    expect([...ids('spatial'), ...ids('block')]).toContain(id);
  });
});

describe('a part alone', () => {
  it('has a map as its output', () => {
    expect(isMap(buildAlone('repso', [8, 8, 8]).output.shape)).toBe(true);
  });

  it('is not a network', () => {
    expect(() => buildAlone('lightnet', [3, 32, 32])).toThrow('lightnet is a network');
    expect(() => buildNetwork('repso', { input: [3, 32, 32], classes: 10 })).toThrow('a network is expected');
  });
});
