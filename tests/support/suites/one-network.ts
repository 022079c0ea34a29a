/** One small network, trained for long enough to be disturbed. */
import { defineSuite } from 'lightbench';

export default defineSuite({
  id: 'one-network',
  title: 'One network on made-up images',
  question: 'Does a training go on where it was?',
  skeleton: { preset: 'small', depths: [1, 1], widths: [8, 16], headWidth: 16 },
  data: { dataset: 'synthetic', size: 12 },
  recipe: { epochs: 12, batch: 32, learningRate: 0.05 },
  seeds: 1,
  latency: { sessions: 2, rounds: 6 },
  candidates: [{ name: 'depthwise', block: 'meta-light(expansion=2)' }],
});
