import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import type { Choice } from '../../../blocks/part.js';
import { elementCount } from '../../../harness/graph/shape.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { randomValues, randomWeights } from '../../support/random.js';
import { referenceOutput, relativeDifference } from '../../support/reference.js';
import { learnable } from '../learnable.js';

const BN = 2;

describe('the parameters of a channel are those of the branches of', () => {
  it.each([
    ['acnet', 1, 9 + BN + (3 + BN) + (3 + BN)],
    ['acnet', 2, 9 + BN + (3 + BN) + (3 + BN)],
    ['acnet(kernel=7)', 1, 49 + BN + (7 + BN) + (7 + BN)],
    ['repvgg-depthwise', 1, 9 + BN + (1 + BN) + BN],
    ['repvgg-depthwise', 2, 9 + BN + (1 + BN)],
    ['mobileone-depthwise', 1, 4 * (9 + BN) + (1 + BN) + BN],
    ['mobileone-depthwise', 2, 4 * (9 + BN) + (1 + BN)],
    ['mobileone-depthwise(branches=1,kernel=5)', 1, 25 + BN + (1 + BN) + BN],
    ['mobileone-depthwise(kernel=1)', 1, 4 * (1 + BN) + BN],
  ])('%s at stride %i', (choice, stride, perChannel) => {
    expect(learnable(buildAlone(choice, [12, 8, 8], { stride }))).toBe(12 * perChannel);
  });
});

const kernel = fc.constantFrom(1, 3, 5, 7);

const sets = fc.oneof(
  fc.record({ id: fc.constantFrom('acnet', 'repvgg-depthwise'), set: fc.record({ kernel }) }),
  fc.record({
    id: fc.constant('mobileone-depthwise'),
    set: fc.record({ kernel, branches: fc.integer({ min: 1, max: 5 }) }),
  }),
  fc.record({
    id: fc.constant('repso'),
    set: fc.record({
      kernel,
      branches: fc.integer({ min: 1, max: 5 }),
      row: fc.boolean(),
      column: fc.boolean(),
      point: fc.boolean(),
      identity: fc.boolean(),
    }),
  }),
);

describe('any set of depthwise branches', () => {
  it('is one depthwise convolution of its own kernel in deploy form, and computes the same', () => {
    const options = { batch: 2, mode: 'inference' } as const;
    fc.assert(
      fc.property(
        sets,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 4, max: 7 }),
        fc.constantFrom(1, 2, 3),
        fc.integer(),
        (choice: Choice & { set: { kernel: number } }, channels, size, stride, seed) => {
          const trained = buildAlone(choice, [channels, size, size], { stride });
          const deployed = deployForm(trained);
          const [, ...operations] = deployed.graph.nodes.map(({ op }) => op);
          const side = choice.set.kernel;
          expect(operations).toMatchObject([
            { kind: 'conv2d', kernel: [side, side], groups: channels, bias: true },
          ]);
          const weights = randomWeights(trained, seed);
          const images = randomValues(2 * elementCount(trained.input.shape), seed);
          const expected = referenceOutput(trained, weights, images, options);
          const actual = referenceOutput(deployed.graph, deployed.convert(weights), images, options);
          expect(relativeDifference(actual, expected)).toBeLessThan(ROUNDING);
        },
      ),
    );
  });
});

/** Weights are rounded to float32 once; everything else is float64. */
const ROUNDING = 1e-6;
