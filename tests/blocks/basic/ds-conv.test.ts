import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { learnable } from '../learnable.js';

const bn = (channels: number) => 2 * channels;

describe('a depthwise separable convolution', () => {
  it.each([
    ['ds-conv', 32, 64, 9 * 32 + bn(32) + 32 * 64 + bn(64)],
    ['ds-conv(kernel=5)', 64, 64, 25 * 64 + bn(64) + 64 * 64 + bn(64)],
  ])('%s, %i -> %i, has the parameters of its two convolutions', (choice, from, to, params) => {
    expect(learnable(buildAlone(choice, [from, 8, 8], { outChannels: to }))).toBe(params);
  });

  it('has an activation after each, its stride on the first, and no shortcut', () => {
    const { nodes } = buildAlone('ds-conv', [32, 8, 8]);
    expect(nodes.map(({ path }) => path)).toEqual([
      'input',
      ...['depthwise', 'pointwise'].flatMap((name) => [`${name}.conv`, `${name}.bn`, `${name}.act`]),
    ]);
    const strided = buildAlone('ds-conv', [32, 8, 8], { stride: 2 });
    expect(strided.nodes.find(({ path }) => path === 'depthwise.conv')?.shape).toEqual([32, 4, 4]);
  });
});
