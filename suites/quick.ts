import { defineSuite } from './suite.js';

/** Minutes on two cores, nothing to download: every part of lightbench once, on real images. */
export const quick = defineSuite({
  id: 'quick',
  title: 'Six blocks in one small LightNet',
  question: 'How do known light-weight blocks compare in the same skeleton, at equal parameters?',
  skeleton: { preset: 'small' },
  data: { dataset: 'fashion-mnist-10k', size: 32 },
  recipe: { epochs: 3, batch: 64, learningRate: 0.1, warmupEpochs: 0.5 },
  seeds: 2,
  budget: { metric: 'params', target: 34_000, tolerance: 0.03 },
  candidates: [
    {
      name: 'inverted-residual',
      block: 'inverted-residual',
      knob: { option: 'expansion', min: 1, max: 8, step: 0.125 },
    },
    { name: 'sandglass', block: 'sandglass', knob: { option: 'reduction', min: 1, max: 8 } },
    { name: 'fasternet', block: 'fasternet', knob: { option: 'expansion', min: 1, max: 8, step: 0.125 } },
    {
      name: 'meta-light/depthwise',
      block: 'meta-light',
      knob: { option: 'expansion', min: 1, max: 8, step: 0.125 },
    },
    {
      name: 'meta-light/repso',
      block: 'meta-light(spatial=repso)',
      knob: { option: 'expansion', min: 1, max: 8, step: 0.125 },
    },
    {
      name: 'falconnet',
      network: 'falconnet(preset=small)',
      knob: { option: 'expansion', min: 1, max: 8, step: 0.125 },
    },
  ],
});
