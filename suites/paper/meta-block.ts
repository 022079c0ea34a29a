import { defineScaledSuite } from '../suite.js';
import { expansions, NARROW, SETTINGS } from './setting.js';

const PLACES = ['S1', 'S2', 'S3'] as const;

/** Every subset of the three places, the empty one first. */
const SUBSETS = Array.from({ length: 2 ** PLACES.length }, (_, bits) =>
  PLACES.map((_place, i) => Boolean((bits >> i) & 1)),
);

/** Which of the three spatial operators of the Meta Basic Block matters? The paper: only the second. */
export const metaBlock = defineScaledSuite(
  'paper/meta-block',
  'Which of the three spatial operators of the Meta Basic Block matters?',
  (scale) => ({
    title: 'Meta Basic Block: a depthwise convolution or nothing, in each of three places',
    ...SETTINGS[scale],
    skeleton: NARROW[scale],
    budget:
      scale === 'small'
        ? [
            { metric: 'params', target: 120_000, tolerance: 0.01 },
            { metric: 'macs', target: 1_575_000, tolerance: 0.05 },
          ]
        : { metric: 'params', target: 2_600_000, tolerance: 0.01 },
    claims: [
      'accuracy(S2) > accuracy(none)',
      'accuracy(S2) > accuracy(S1)',
      'accuracy(S2) > accuracy(S3)',
      'accuracy(S1+S2+S3) > accuracy(S2)',
    ],
    candidates: SUBSETS.map((present) => ({
      name: PLACES.filter((_, i) => present[i]).join('+') || 'none',
      block: 'meta',
      set: Object.fromEntries(
        present.map((there, i) => [`spatial${i + 1}`, there ? 'depthwise' : 'identity']),
      ),
      factors: Object.fromEntries(PLACES.map((place, i) => [place, present[i] ? 'depthwise' : 'identity'])),
      knob: expansions(scale),
    })),
  }),
);
