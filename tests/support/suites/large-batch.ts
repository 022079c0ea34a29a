/** A step takes gigabytes. */
import { defineSuite } from 'lightbench';
import tiny from './tiny.js';

export default defineSuite({
  ...tiny,
  id: 'large-batch',
  skeleton: { preset: 'small' },
  data: { dataset: 'fashion-mnist-10k', size: 32 },
  recipe: { epochs: 1, batch: 8192, learningRate: 0.1 },
  seeds: 1,
  latency: { sessions: 1, rounds: 1 },
  candidates: tiny.candidates.slice(0, 1),
});
