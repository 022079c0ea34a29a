/** Seconds to run: two blocks in a tiny LightNet on made-up images. */
import { defineSuite } from 'lightbench';

export default defineSuite({
  id: 'tiny',
  title: 'Two blocks on made-up images',
  question: 'Does everything work together?',
  skeleton: { preset: 'small', depths: [1, 1], widths: [8, 16], headWidth: 16 },
  data: { dataset: 'synthetic', size: 12 },
  recipe: { epochs: 2, batch: 32, learningRate: 0.1 },
  seeds: 2,
  latency: { sessions: 2, rounds: 6 },
  candidates: [
    { name: 'depthwise', block: 'meta-light(expansion=2)' },
    { name: 'repso', block: 'meta-light(spatial=repso,expansion=2)' },
  ],
});
