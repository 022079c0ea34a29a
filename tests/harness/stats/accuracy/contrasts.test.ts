import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Contrast,
  contrastFamily,
  standardErrors,
} from '../../../../harness/stats/accuracy/contrasts.js';
import { trialPosterior } from '../../../../harness/stats/accuracy/posterior.js';
import { ALPHA } from '../../../../harness/stats/inference.js';
import { groupSource, pairsOf } from '../../../support/group-simulation.js';

const difference = (one: number, other: number): Contrast => [
  [one, 1],
  [other, -1],
];

const posterior = trialPosterior(groupSource({ candidates: 5, seeds: 3, scenario: 'equal spreads' })());
const pairs = pairsOf(5).map(([one, other]) => difference(one, other));

describe('contrastFamily', () => {
  it('holds a share of draws, for all members at once', () => {
    const { estimates } = contrastFamily(posterior, pairs, 0.1);
    let inside = 0;
    for (let d = 0; d < posterior.draws; d += 1) {
      const error = (c: number) => posterior.errors[d * posterior.candidates + c] ?? 0;
      const holds = estimates.every(({ value, interval: [low, high] }, k) => {
        const drawn = (pairs[k] ?? []).reduce((sum, [c, weight]) => sum + weight * error(c), value);
        return low <= drawn && drawn <= high;
      });
      if (holds) inside += 1;
    }
    expect(inside / posterior.draws).toBeCloseTo(0.9, 2);
  });

  it('is wider for more members, and at a smaller alpha', () => {
    const critical = (members: readonly Contrast[], alpha: number) =>
      contrastFamily(posterior, members, alpha).critical;
    expect(critical(pairs, ALPHA)).toBeGreaterThan(critical(pairs.slice(0, 2), ALPHA));
    expect(critical(pairs, ALPHA / 5)).toBeGreaterThan(critical(pairs, ALPHA));
  });

  it('turns round with its contrasts', () => {
    const [there, back] = [difference(0, 1), difference(1, 0)].map((contrast) =>
      contrastFamily(posterior, [contrast], ALPHA).estimates.flatMap(({ interval }) => interval),
    );
    expect(back?.map((end) => -end).reverse()).toEqual(there);
  });

  it('never reaches beyond what accuracies can be', () => {
    const table = groupSource({ candidates: 3, seeds: 2, scenario: 'equal spreads', spread: 40 })();
    const wide = trialPosterior({ ...table, top1: table.top1.map((value) => Math.min(value, 1)) });
    const weight = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(weight, weight, weight), (weights) => {
        const contrast = weights.map((w, c) => [c, w] as const);
        const [
          {
            interval: [low, high],
          } = { interval: [0, 0] },
        ] = contrastFamily(wide, [contrast], ALPHA).estimates;
        expect(low).toBeGreaterThanOrEqual(weights.reduce((sum, w) => sum + Math.min(w, 0), 0));
        expect(high).toBeLessThanOrEqual(weights.reduce((sum, w) => sum + Math.max(w, 0), 0));
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('has nothing to say of an empty family', () => {
    expect(contrastFamily(posterior, [], ALPHA).estimates).toEqual([]);
  });
});

describe('standardErrors', () => {
  it('adds what seeds and images do: worked by hand', () => {
    // Variances between seeds 4 and 9 over 2 and 3 trials, 2 + 3; images 1 + 5 - 2 * 0.5.
    const [error] = standardErrors(
      {
        ...posterior,
        seedVariances: Float64Array.of(4, 9),
        trials: Float64Array.of(2, 3),
        imageCovariance: { size: 2, values: Float64Array.of(1, 0, 0.5, 5) },
      },
      [difference(0, 1)],
    );
    expect(error).toBeCloseTo(Math.sqrt(10), 12);
  });
});
