import { defineSuite, steps } from 'lightbench';
import myBlock from './my-block.js';

const knob = { option: 'expansion', values: steps(0.5, 8, 0.125) };

export default defineSuite({
  id: 'my-suite',
  title: 'My block against the inverted residual',
  question: 'Are two parallel projections worth the time to train them?',
  skeleton: { preset: 'small' },
  data: { dataset: 'fashion-mnist-10k', size: 32 },
  recipe: { epochs: 4, batch: 64, learningRate: 0.2 },
  seeds: 3,
  budget: { metric: 'params', target: 34_000, tolerance: 0.03 },
  candidates: [
    { name: 'my block', block: myBlock, knob },
    { name: 'my block with RepSO', block: { id: myBlock, set: { spatial: 'repso' } }, knob },
    { name: 'inverted residual', block: 'inverted-residual', knob },
  ],
});
