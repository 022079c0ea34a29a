/** Seconds to run: two blocks, of which one has operations that stay in float32, tested in int8 as well. */
import { defineSuite } from 'lightbench';

export default defineSuite({
  id: 'in-int8',
  title: 'Two blocks in int8 on made-up images',
  question: 'Does everything work together in int8?',
  skeleton: { preset: 'small', depths: [1, 1], widths: [8, 16], headWidth: 16, activation: 'hard-swish' },
  data: { dataset: 'synthetic', size: 12 },
  recipe: { epochs: 2, batch: 32, learningRate: 0.1 },
  seeds: 1,
  int8: { calibration: 'mse', images: 32, equalise: true, correctBias: true, fineTune: { epochs: 1 } },
  latency: { sessions: 2, rounds: 6 },
  claims: ['drop.int8(depthwise) < drop.int8(repso)'],
  candidates: [
    { name: 'depthwise', block: 'meta-light(expansion=2)' },
    { name: 'repso', block: 'meta-light(spatial=repso,expansion=2)' },
  ],
});
