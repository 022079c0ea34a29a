import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { differenceOfForms } from '../../support/forms.js';
import { learnable } from '../learnable.js';

const bn = (channels: number) => 2 * channels;

/** 1x1, then 3x3 depthwise and the identity, each with a norm. */
const module = (from: number, to: number) => from * to + bn(to) + 9 * to + 2 * bn(to);

const MERGED_MODULE = ['1x1', '3x3'];

describe('a RepGhost bottleneck', () => {
  it('has the parameters of its two modules', () => {
    expect(learnable(buildAlone('repghost', [24, 8, 8]))).toBe(module(24, 72) + module(72, 24));
  });

  it('activates the wide features before and after their sum, and is linear at its end', () => {
    const { nodes } = buildAlone('repghost', [24, 8, 8]);
    const activations = nodes.filter(({ op }) => op.kind === 'activation').map(({ path }) => path);
    expect(activations).toEqual(['expand.primary.act', 'expand.act']);
  });

  it('has a deploy form of one 1x1 and one depthwise convolution a module that computes the same', () => {
    const sites = fc.record({
      channels: fc.integer({ min: 1, max: 4 }),
      outChannels: fc.integer({ min: 1, max: 4 }),
      stride: fc.constantFrom(1, 2),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(sites, ({ channels, outChannels, stride, seed }) => {
        const block = buildAlone('repghost', [channels, 5, 6], { outChannels, stride });
        const { nodes } = deployForm(block).graph;
        const kernels = nodes.flatMap(({ op }) => (op.kind === 'conv2d' ? [op.kernel.join('x')] : []));
        const strided = stride === 1 ? [] : ['3x3'];
        const shortcut = stride === 1 && channels === outChannels ? [] : ['3x3', '1x1'];
        expect(kernels).toEqual([...MERGED_MODULE, ...strided, ...MERGED_MODULE, ...shortcut]);
        expect(nodes.filter(({ op }) => op.kind === 'add').map(({ path }) => path)).toEqual(['add']);
        expect(differenceOfForms(block, seed)).toBeLessThan(1e-6);
      }),
    );
  });
});
