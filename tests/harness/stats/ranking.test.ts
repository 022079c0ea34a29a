import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ranks } from '../../../harness/stats/ranking.js';

describe('ranks', () => {
  it('counts those decided to be better', () => {
    // a beats c, b beats c; nothing separates a and b, nor d from anyone.
    const better = new Set(['a c', 'b c']);
    expect(ranks(['a', 'b', 'c', 'd'], (one, other) => better.has(`${one} ${other}`))).toEqual([1, 1, 3, 1]);
  });

  it('is the usual rank where everything is decided', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), (values) => {
        const order = values.toSorted((a, b) => a - b);
        const found = ranks(values, (one, other) => one < other);
        expect(found).toEqual(values.map((value) => order.indexOf(value) + 1));
      }),
    );
  });
});
