/** The re-parameterised convolution, in the two blocks that are made of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { differenceOfForms } from '../../support/forms.js';
import { learnable } from '../learnable.js';

const bn = (channels: number) => 2 * channels;

const sites = fc.record({
  channels: fc.integer({ min: 1, max: 6 }),
  outChannels: fc.integer({ min: 1, max: 6 }),
  stride: fc.constantFrom(1, 2),
  kernel: fc.constantFrom(1, 3, 5),
  branches: fc.integer({ min: 1, max: 4 }),
  height: fc.integer({ min: 3, max: 7 }),
  width: fc.integer({ min: 3, max: 7 }),
  seed: fc.integer(),
});

const attributes = (graph: Graph) =>
  graph.nodes.slice(1).map(({ op }) => {
    if (op.kind !== 'conv2d') return op.kind;
    return `${op.kernel[0]}x${op.kernel[1]} / ${op.stride[0]}, ${op.groups} groups, bias ${op.bias}`;
  });

/** So that no output is all zero by chance. */
const NO_FLAT_PART = { activation: 'silu' } as const;

/** Float32 weights, float64 arithmetic. */
const ROUNDING = 1e-6;

describe('the deploy form', () => {
  it('of a RepVGG unit is one convolution with the same output, for any channels, stride and kernel', () => {
    fc.assert(
      fc.property(sites, ({ channels, outChannels, stride, kernel, height, width, seed }) => {
        const unit = buildAlone(`repvgg(kernel=${kernel})`, [channels, height, width], {
          ...NO_FLAT_PART,
          outChannels,
          stride,
        });
        expect(attributes(deployForm(unit).graph)).toEqual([
          `${kernel}x${kernel} / ${stride}, 1 groups, bias true`,
          'activation',
        ]);
        expect(differenceOfForms(unit, seed)).toBeLessThan(ROUNDING);
      }),
    );
  });

  it('of a MobileOne block is one depthwise and one pointwise convolution, for any number of branches', () => {
    fc.assert(
      fc.property(sites, ({ channels, outChannels, stride, kernel, branches, height, width, seed }) => {
        const choice = `mobileone(kernel=${kernel},branches=${branches})`;
        const block = buildAlone(choice, [channels, height, width], {
          ...NO_FLAT_PART,
          outChannels,
          stride,
        });
        expect(attributes(deployForm(block).graph)).toEqual([
          `${kernel}x${kernel} / ${stride}, ${channels} groups, bias true`,
          'activation',
          '1x1 / 1, 1 groups, bias true',
          'activation',
        ]);
        expect(differenceOfForms(block, seed)).toBeLessThan(ROUNDING);
      }),
    );
  });
});

describe('the parameters of', () => {
  const c = 48;

  it('a RepVGG unit: 3x3, 1x1 and the identity where shapes allow', () => {
    expect(learnable(buildAlone('repvgg', [c, 8, 8]))).toBe(9 * c * c + c * c + 3 * bn(c));
    const wider = 9 * c * 96 + c * 96 + 2 * bn(96);
    expect(learnable(buildAlone('repvgg', [c, 8, 8], { outChannels: 96 }))).toBe(wider);
    const strided = 9 * c * c + c * c + 2 * bn(c);
    expect(learnable(buildAlone('repvgg', [c, 8, 8], { stride: 2 }))).toBe(strided);
  });

  it('a MobileOne block: every branch of both halves', () => {
    const depthwise = 4 * (9 * c + bn(c)) + (c + bn(c)) + bn(c);
    const pointwise = 4 * (c * c + bn(c)) + bn(c);
    expect(learnable(buildAlone('mobileone', [c, 8, 8]))).toBe(depthwise + pointwise);
    const wider = depthwise - bn(c) + 4 * (c * 96 + bn(96));
    expect(learnable(buildAlone('mobileone', [c, 8, 8], { outChannels: 96, stride: 2 }))).toBe(wider);
  });
});
