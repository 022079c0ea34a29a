import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { fingerprint } from '../../../harness/graph/print.js';

/** Paths of operations that are not norms or the input, in order. */
const skeleton = (choice: string, site = {}): readonly string[] =>
  buildAlone(choice, [32, 8, 8], site)
    .nodes.filter(({ op }) => op.kind !== 'batchNorm' && op.kind !== 'input')
    .map(({ path }) => path);

describe('the meta block', () => {
  it.each([
    ['inverted-residual(expansion=4,kernel=5)', 'meta(expansion=4,spatial2=depthwise(kernel=5))'],
    ['sandglass', 'meta(expansion=0.25,spatial1=depthwise,spatial2=identity,spatial3=depthwise)'],
    ['meta-light(spatial=repso,expand=sf,project=refco)', 'meta(channel1=sf,spatial2=repso,channel2=refco)'],
  ])('%s is %s', (block, instance) => {
    for (const site of [{}, { stride: 2 }, { outChannels: 64 }]) {
      expect(fingerprint(buildAlone(block, [32, 8, 8], site))).toBe(
        fingerprint(buildAlone(instance, [32, 8, 8], site)),
      );
    }
  });

  it('has an activation after every operator but a reduction and the last', () => {
    expect(skeleton('meta')).toEqual([
      'channel1.conv',
      'channel1.act',
      'spatial2.conv',
      'spatial2.act',
      'channel2.conv',
      'add',
    ]);
    expect(skeleton('sandglass')).toEqual([
      'spatial1.conv',
      'spatial1.act',
      'channel1.conv',
      'channel2.conv',
      'channel2.act',
      'spatial3.conv',
      'add',
    ]);
    expect(skeleton('meta(expansion=0.5,spatial2=depthwise)')).toEqual([
      'channel1.conv',
      'spatial2.conv',
      'spatial2.act',
      'channel2.conv',
      'add',
    ]);
  });

  it('may have no spatial operator at all', () => {
    expect(skeleton('meta(spatial2=identity)')).toEqual([
      'channel1.conv',
      'channel1.act',
      'channel2.conv',
      'add',
    ]);
  });

  it.each([
    ['meta(spatial1=depthwise,spatial2=depthwise,spatial3=depthwise)', 'spatial2'],
    ['meta(spatial1=depthwise,spatial2=identity,spatial3=depthwise)', 'spatial3'],
    ['meta(spatial1=depthwise,spatial2=identity)', 'spatial1'],
  ])('%s has its stride on %s', (choice, bearer) => {
    const strided = buildAlone(choice, [32, 8, 8], { stride: 2 }).nodes.filter(
      ({ op }) => op.kind === 'conv2d' && op.stride[0] === 2,
    );
    expect(strided.map(({ path }) => path)).toEqual([`${bearer}.conv`]);
  });

  it('says so where no operator can take the stride', () => {
    expect(() => buildAlone('meta(spatial2=identity)', [32, 8, 8], { stride: 2 })).toThrow(
      'identity cannot take stride 2',
    );
  });

  it('has a residual connection only where shapes allow', () => {
    expect(skeleton('meta', { outChannels: 48 })).not.toContain('add');
    expect(skeleton('meta', { stride: 2 })).not.toContain('add');
  });

  it.each([
    ['meta(expansion=0.3)', '9/32 (0.28125) and 10/32 (0.3125)'],
    ['meta-light(expansion=0.01)', '1/32 (0.03125)'],
  ])('%s names the expansions that give whole numbers of channels', (choice, nearest) => {
    expect(() => buildAlone(choice, [32, 8, 8])).toThrow(
      expect.objectContaining({ remedy: `The nearest valid expansions are ${nearest}.` }),
    );
  });
});
