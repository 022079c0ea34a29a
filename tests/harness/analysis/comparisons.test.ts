import { describe, expect, it } from 'vitest';
import type { Comparison, Verdict } from '../../../harness/analysis/analysis.js';
import { rankings } from '../../../harness/analysis/comparisons.js';

const pair = (candidate: string, reference: string, state: 'worse' | 'undecided'): Comparison => {
  const verdict: Verdict = state === 'undecided' ? { state, needed: null } : { state };
  return { metric: 'top1', candidate, reference, effect: 0, interval: [-1, 1], threshold: 0, verdict };
};

const places = (comparisons: readonly Comparison[], values: Readonly<Record<string, number>>) => {
  const none = new Map();
  const top1 = new Map(Object.entries(values));
  return rankings(comparisons, {
    top1,
    latency: none,
    params: none,
    macs: none,
    flops: none,
    'peak-memory': none,
  }).top1;
};

describe('rankings', () => {
  it('rank behind a candidate whatever it is better than, though no test tells those two apart', () => {
    const comparisons = [pair('b', 'a', 'worse'), pair('c', 'b', 'worse'), pair('c', 'a', 'undecided')];
    const found = places(comparisons, { a: 0.9, b: 0.8, c: 0.7 });
    expect(found.map(({ rank, candidate }) => `${rank} ${candidate}`)).toEqual(['1 a', '2 b', '3 c']);
    expect(found.flatMap(({ notSeparatedFrom }) => notSeparatedFrom)).toEqual([]);
  });

  it('leave out what may be compared with none of the others', () => {
    const found = places([pair('b', 'a', 'worse')], { a: 0.8, b: 0.7, apart: 0.9 });
    expect(found.map(({ candidate }) => candidate)).toEqual(['a', 'b']);
    expect(places([], { a: 0.8 }).map(({ rank }) => rank)).toEqual([1]);
  });
});
