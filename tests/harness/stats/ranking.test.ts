import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ranks, transitiveClosure } from '../../../harness/stats/ranking.js';

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

describe('transitiveClosure', () => {
  const names = ['a', 'b', 'c', 'd'];

  it('holds what follows from two tests together', () => {
    const better = new Set(['a b', 'b c']);
    const isBetter = transitiveClosure(names, (one, other) => better.has(`${one} ${other}`));
    const pairs = names.flatMap((one) =>
      names.filter((other) => isBetter(one, other)).map((other) => one + other),
    );
    expect(pairs).toEqual(['ab', 'ac', 'bc']);
    expect(ranks(names, isBetter)).toEqual([1, 2, 3, 1]);
  });

  it('never ranks an item at or behind one that it is better than', () => {
    const arrow = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }));
    fc.assert(
      fc.property(fc.array(arrow), (arrows) => {
        const items = Array.from({ length: 8 }, (_, i) => i);
        const known = new Set(arrows.filter(([a, b]) => a < b).map(([a, b]) => `${a} ${b}`));
        const holds = (one: number, other: number) => known.has(`${one} ${other}`);
        const found = ranks(items, transitiveClosure(items, holds));
        for (const one of items) {
          for (const other of items) {
            if (holds(one, other)) expect(found[one]).toBeLessThan(found[other] ?? 0);
          }
        }
      }),
    );
  });

  it('ends where tests contradict each other', () => {
    const round = transitiveClosure(
      names,
      (one, other) => names.indexOf(other) === (names.indexOf(one) + 1) % 4,
    );
    expect(round('a', 'd')).toBe(true);
    expect(round('d', 'a')).toBe(true);
  });
});
