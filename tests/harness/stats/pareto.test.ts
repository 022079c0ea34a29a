import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontProbabilities, type Offer, paretoFront } from '../../../harness/stats/pareto.js';

describe('paretoFront', () => {
  it('leaves out what another gives for less, or gives more of for the same', () => {
    const offers: Offer[] = [
      { gain: 1, cost: 1 },
      { gain: 2, cost: 2 },
      { gain: 2, cost: 3 },
      { gain: 0.9, cost: 1 },
      { gain: 2, cost: 2 },
    ];
    expect(paretoFront(offers)).toEqual([true, true, false, false, true]);
  });

  it('always holds the cheapest best and the best cheapest', () => {
    const offer = fc.record({ gain: fc.integer({ min: 0, max: 9 }), cost: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(offer, { minLength: 1 }), (offers) => {
        const front = offers.filter((_, i) => paretoFront(offers)[i]);
        expect(Math.max(...front.map(({ gain }) => gain))).toBe(Math.max(...offers.map(({ gain }) => gain)));
        expect(Math.min(...front.map(({ cost }) => cost))).toBe(Math.min(...offers.map(({ cost }) => cost)));
      }),
    );
  });
});

describe('frontProbabilities', () => {
  it('counts the draws in which an offer is on the front', () => {
    const cheap = { gain: 1, cost: 1 };
    const draws = [0.5, 1, 2, 3].map((gain) => [cheap, { gain, cost: 2 }]);
    expect(frontProbabilities(draws)).toEqual([1, 0.5]);
  });

  it('refuses to tell from no draw', () => {
    expect(() => frontProbabilities([])).toThrow(RangeError);
  });
});
