/** Many trials of which each trains for a moment: what is killed is killed anywhere. */
import { defineSuite } from 'lightbench';
import tiny from './tiny.js';

export default defineSuite({
  ...tiny,
  id: 'sweep',
  skeleton: { preset: 'small', depths: [1], widths: [4], headWidth: 4 },
  recipe: { epochs: 3, batch: 64, learningRate: 0.1 },
  seeds: 3,
  latency: { sessions: 1, rounds: 2 },
});
