import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import type { BlockSite } from '../../../blocks/part.js';
import { formatShape } from '../../../harness/graph/shape.js';
import { learnable } from '../learnable.js';

const bn = (channels: number) => 2 * channels;

/** A ghost module of ratio 2: half by 1x1, the other half by 3x3 depthwise. */
const module = (from: number, to: number) => (from * to) / 2 + bn(to / 2) + (9 * to) / 2 + bn(to / 2);

const build = (choice: string, site: Partial<BlockSite> = {}) => buildAlone(choice, [24, 8, 8], site);

const shapes = (choice: string, site: Partial<BlockSite> = {}) =>
  new Map(build(choice, site).nodes.map(({ path, shape }) => [path, formatShape(shape)]));

describe('a ghost bottleneck', () => {
  it('has the parameters of its two modules where the shape stays', () => {
    expect(learnable(build('ghost-bottleneck(expansion=3)'))).toBe(module(24, 72) + module(72, 24));
  });

  it('has a strided depthwise convolution in both paths, and a 1x1 in the shortcut', () => {
    const [c, h, out, k] = [24, 72, 40, 5];
    const main = module(c, h) + k * k * h + bn(h) + module(h, out);
    const shortcut = k * k * c + bn(c) + c * out + bn(out);
    const site = { stride: 2, outChannels: out };
    expect(learnable(build('ghost-bottleneck(expansion=3,kernel=5)', site))).toBe(main + shortcut);
    expect(shapes('ghost-bottleneck', site).get('expand.concat')).toBe('144x8x8');
    expect(shapes('ghost-bottleneck', site).get('spatial.bn')).toBe('144x4x4');
  });

  it('has a shortcut of its own where only the width changes, and nothing between the modules', () => {
    const paths = [...shapes('ghost-bottleneck', { outChannels: 32 }).keys()];
    expect(paths).toContain('shortcut.depthwise.conv');
    expect(paths).not.toContain('spatial.conv');
  });

  it('activates the wide features, not the narrow ones and not the sum', () => {
    const activations = [...shapes('ghost-bottleneck').keys()].filter((path) => path.endsWith('act'));
    expect(activations).toEqual(['expand.primary.act', 'expand.cheap.act']);
  });

  it('excites its hidden channels', () => {
    const [h, s] = [144, 36];
    const excite = h * s + s + s * h + h;
    const difference =
      learnable(build('ghost-bottleneck(squeeze=0.25)')) - learnable(build('ghost-bottleneck'));
    expect(difference).toBe(excite);
  });

  it('cuts off what the ratio makes too much', () => {
    const nodes = shapes('ghost-bottleneck(expansion=1.0417,ratio=4)');
    expect(nodes.get('expand.primary.conv')).toBe('7x8x8');
    expect(nodes.get('expand.concat')).toBe('28x8x8');
    expect(nodes.get('expand.cut')).toBe('25x8x8');
  });

  it('with ratio 1 has plain 1x1 convolutions', () => {
    const dense = 24 * 144 + bn(144) + 144 * 24 + bn(24);
    expect(learnable(build('ghost-bottleneck(ratio=1)'))).toBe(dense);
  });
});
