import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { cost } from '../../../harness/cost/cost.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { refusalOf } from '../../support/refusal.js';

describe('a network of too many parameters', () => {
  const graph = buildNetwork('mobilenet-v2', { input: [3, 32, 32], classes: 2 ** 20 });

  it('is counted', () => {
    expect(cost(graph).params).toBeGreaterThan(1280 * 2 ** 20);
  });

  it('is given no values, before memory is taken, and its largest parameter is named', async () => {
    expect(await refusalOf(() => initialWeights(graph, 0))).toMatch(
      /^The network has \d+ parameters, 1342177280 of them in head\.classifier\.weight; the maximum is 268435456\./,
    );
  });
});
