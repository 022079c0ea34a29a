/** A candidate of the user's own whose loss is not a number from the first step on, beside one that trains. */
import { defineBlock, defineSuite, z } from 'lightbench';
import tiny from './tiny.js';

const exploding = defineBlock({
  id: 'exploding',
  summary: 'Its output grows out of float32.',
  paper: 'none',
  options: z.strictObject({}),
  build: (g, x) => {
    let y = x;
    for (let i = 0; i < 12; i += 1) y = g.mul(`square${i}`, y, g.add(`double${i}`, y, y));
    return g.batchNorm('bn', g.conv2d('conv', y, { outChannels: x.shape[0], kernel: 1 }));
  },
});

export default defineSuite({
  ...tiny,
  id: 'diverging',
  seeds: 1,
  candidates: [{ name: 'exploding', block: exploding }, ...tiny.candidates.slice(0, 1)],
});
