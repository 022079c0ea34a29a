import { defineSuite, steps } from './suite.js';

const EXPANSION = { option: 'expansion', values: steps(0.25, 8, 0.125) };

/** Minutes on two cores, nothing to download: every part of lightbench once, on real images. */
export const quick = defineSuite({
  id: 'quick',
  title: 'Six light-weight blocks in one small LightNet',
  question: 'How do known light-weight blocks compare in the same skeleton, at equal parameters?',
  skeleton: { preset: 'small' },
  data: { dataset: 'fashion-mnist-10k', size: 32 },
  recipe: {
    epochs: 4,
    batch: 64,
    learningRate: 0.2,
    warmupEpochs: 0.5,
    augmentation: { flip: false, shift: 0 },
  },
  seeds: 2,
  budget: { metric: 'params', target: 29_600, tolerance: 0.03 },
  candidates: [
    { name: 'inverted-residual', block: 'inverted-residual', knob: EXPANSION },
    {
      name: 'sandglass',
      block: 'sandglass',
      knob: { option: 'reduction', values: steps(1, 8, 1).map((hidden) => 8 / hidden) },
    },
    { name: 'fasternet', block: 'fasternet', knob: EXPANSION },
    { name: 'meta-light/depthwise', block: 'meta-light', knob: EXPANSION },
    { name: 'meta-light/repso', block: 'meta-light(spatial=repso)', knob: EXPANSION },
    { name: 'falconnet', network: 'falconnet(preset=small)', knob: EXPANSION },
  ],
});
