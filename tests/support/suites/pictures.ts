/** Two blocks on a folder of pictures, which LIGHTBENCH_DATA names. */
import { defineSuite } from 'lightbench';

export default defineSuite({
  id: 'pictures',
  title: 'Two blocks on a few pictures',
  question: 'Who has the pictures?',
  skeleton: { preset: 'small', depths: [1, 1], widths: [8, 16], headWidth: 16 },
  data: { dataset: 'image-folder', size: 12 },
  recipe: { epochs: 1, batch: 4, learningRate: 0.1 },
  seeds: 1,
  latency: { sessions: 2, rounds: 4 },
  candidates: [
    { name: 'depthwise', block: 'meta-light(expansion=2)' },
    { name: 'repso', block: 'meta-light(spatial=repso,expansion=2)' },
  ],
});
