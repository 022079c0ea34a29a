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

  it('a ShuffleNet unit, which adds its input or keeps its average beside its own channels', () => {
    const [c, out, g] = [24, 240, 3];
    const m = out / 4;
    const inner = bn(m) + 9 * m + bn(m);
    const strided = buildAlone(`shufflenet-v1-unit(groups=${g})`, [c, 8, 8], { outChannels: out, stride: 2 });
    expect(learnable(strided)).toBe((c * m) / g + inner + (m * (out - c)) / g + bn(out - c));
    const plain = buildAlone(`shufflenet-v1-unit(groups=${g})`, [out, 8, 8]);
    expect(learnable(plain)).toBe((out * m) / g + inner + (m * out) / g + bn(out));
  });

  it('a ShuffleNetV2 unit', () => {
    const b = 58;
    const right = (from: number) => from * b + bn(b) + 9 * b + bn(b) + b * b + bn(b);
    expect(learnable(buildAlone('shufflenet-v2-unit', [2 * b, 8, 8]))).toBe(right(b));
    const left = 9 * 24 + bn(24) + 24 * b + bn(b);
    const strided = buildAlone('shufflenet-v2-unit', [24, 8, 8], { outChannels: 2 * b, stride: 2 });
    expect(learnable(strided)).toBe(left + right(24));
  });

  it('an IGCV1 block: 9CM + CL weights for each of its two convolutions', () => {
    const [l, m] = [4, 8];
    const c = l * m;
    expect(learnable(buildAlone(`igcv1-block(partitions=${l})`, [c, 8, 8]))).toBe(
      2 * (9 * c * m + c * l + bn(c)),
    );
  });

  it('an IGCV3 block: an inverted residual with half the weights in its 1x1 convolutions', () => {
    const [c, h] = [24, 144];
    const expected = (c * h) / 2 + bn(h) + 9 * h + bn(h) + (h * c) / 2 + bn(c);
    expect(learnable(buildAlone('igcv3-block', [c, 8, 8]))).toBe(expected);
  });

  it('a channel-wise separable convolution: one kernel for all pixels and channels', () => {
    expect(learnable(buildAlone('channelwise-separable(depth=64)', [48, 8, 8]))).toBe(9 * 48 + 64 + bn(48));
    const doubled = buildAlone('channelwise-separable(depth=64)', [48, 8, 8], { outChannels: 96 });
    expect(learnable(doubled)).toBe(9 * 48 + 2 * 64 + bn(96));
  });

  it('a universal inverted bottleneck in its four forms', () => {
    const [c, h] = [32, 128];
    const both = c * h + bn(h) + h * c + bn(c);
    const [start, middle] = [25 * c + bn(c), 9 * h + bn(h)];
    const uib = (a: number, m: number) =>
      learnable(buildAlone(`universal-inverted-bottleneck(start=${a},middle=${m})`, [c, 8, 8]));
    expect(uib(5, 3)).toBe(start + both + middle);
    expect(uib(0, 3)).toBe(both + middle);
    expect(uib(5, 0)).toBe(start + both);
    expect(uib(0, 0)).toBe(both);
  });
});
