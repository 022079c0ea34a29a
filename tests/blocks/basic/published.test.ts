/** Blocks against the parameters that their papers' formulas give. */
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { learnable } from '../learnable.js';

const bn = (channels: number) => 2 * channels;

describe('the parameters of', () => {
  it('an inverted residual', () => {
    const [c, h, out] = [24, 144, 32];
    const expected = c * h + bn(h) + 9 * h + bn(h) + h * out + bn(out);
    expect(learnable(buildAlone('inverted-residual', [c, 8, 8], { outChannels: out }))).toBe(expected);
  });

  it('an inverted residual without expansion', () => {
    const expected = 9 * 32 + bn(32) + 32 * 16 + bn(16);
    expect(learnable(buildAlone('inverted-residual(expansion=1)', [32, 8, 8], { outChannels: 16 }))).toBe(
      expected,
    );
  });

  it('an MBConv, whose squeeze is a quarter of the input of the block', () => {
    const [c, h, s] = [40, 240, 10];
    const plain = learnable(buildAlone('inverted-residual', [c, 8, 8]));
    const squeezed = learnable(buildAlone('inverted-residual(squeeze=0.25)', [c, 8, 8]));
    expect(squeezed - plain).toBe(h * s + s + s * h + h);
  });

  it('a sandglass block', () => {
    const [c, h] = [192, 32];
    const expected = 9 * c + bn(c) + c * h + bn(h) + h * c + bn(c) + 9 * c + bn(c);
    expect(learnable(buildAlone('sandglass(reduction=6)', [c, 8, 8]))).toBe(expected);
  });

  it('a FasterNet block', () => {
    const c = 40;
    const expected = 9 * (c / 4) ** 2 + 2 * c * c + bn(2 * c) + 2 * c * c;
    expect(learnable(buildAlone('fasternet', [c, 8, 8]))).toBe(expected);
  });
});
