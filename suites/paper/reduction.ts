import { defineScaledSuite } from '../suite.js';
import { expansions, SETTINGS } from './setting.js';

/** How far should SF Conv reduce its hidden line, and how does K around its optimum matter? The paper: R = 2. */
export const reduction = defineScaledSuite(
  'paper/reduction',
  'Which reduction R and kernel size K should SF Conv have?',
  (scale) => ({
    title: 'SF Conv: reduction and kernel size, at equal parameters',
    ...SETTINGS[scale],
    budget: { metric: 'params', target: scale === 'small' ? 84_000 : 2_000_000, tolerance: 0.025 },
    claims: ['accuracy(R=2) > accuracy(R=1)', 'accuracy(R=2) > accuracy(R=4)'],
    candidates: [
      ...[1, 2, 4, 8].map((r) => sfCandidate(`R=${r}`, `reduction=${r}`)),
      ...[4, 8, 16].map((k) => sfCandidate(`R=2, K=${k}`, `kernel=${k}`)),
    ].map((candidate) => ({ ...candidate, knob: expansions(scale) })),
  }),
);

const sfCandidate = (name: string, set: string) => ({
  name,
  block: `meta-light(expand=sf(${set}),project=sf(${set}))`,
});
