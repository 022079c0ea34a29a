import { defineSuite, steps } from './suite.js';

/** The regime that expansions are published in. */
const EXPANSION = { option: 'expansion', values: steps(2, 6, 0.125) };

/**
 * Minutes on two cores, nothing to download: known blocks on real images, each in the regime it was published in.
 *
 * The skeleton leaves mixing pixels to the blocks: one stage of 8x8, where a block without a spatial operator loses three points. Two stages
 * with a subsampling layer between them mix by themselves (there it loses a point and a half, which three seeds do not decide), four do
 * even more. A sandglass cannot spend this budget with a reduction of 2 or more, and FalconNet's block needs an expansion above 6: they
 * are left out, not bent.
 */
export const quick = defineSuite({
  id: 'quick',
  title: 'Light-weight blocks in one small LightNet',
  question:
    'How do known light-weight blocks compare in the same skeleton, at equal parameters and multiply-adds?',
  skeleton: { preset: 'small', stemStrides: [2, 2], depths: [4], widths: [16], headWidth: 64 },
  data: { dataset: 'fashion-mnist-10k', size: 32 },
  recipe: {
    epochs: 4,
    batch: 64,
    learningRate: 0.2,
    warmupEpochs: 0.5,
    augmentation: { flip: false, shift: 0 },
  },
  seeds: 3,
  budget: [
    { metric: 'params', target: 9_100, tolerance: 0.03 },
    { metric: 'macs', target: 565_000, tolerance: 0.03 },
  ],
  claims: [
    'accuracy(inverted-residual) > accuracy(meta-light/identity)',
    'accuracy(meta-light/repso) > accuracy(inverted-residual)',
    'latency(meta-light/repso) = latency(inverted-residual)',
  ],
  candidates: [
    { name: 'meta-light/identity', block: 'meta-light(spatial=identity)', knob: EXPANSION },
    { name: 'inverted-residual', block: 'inverted-residual', knob: EXPANSION },
    { name: 'ghost-bottleneck', block: 'ghost-bottleneck', knob: EXPANSION },
    { name: 'igcv3-block', block: 'igcv3-block', knob: EXPANSION },
    { name: 'fasternet', block: 'fasternet', knob: EXPANSION },
    { name: 'meta-light/repso', block: 'meta-light(spatial=repso)', knob: EXPANSION },
  ],
});
