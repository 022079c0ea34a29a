import { describe, expect, it } from 'vitest';
import type { ComparableGroup, Comparison } from '../../../harness/analysis/analysis.js';
import { comparisonOf, pairsOf } from '../../../reports/view/comparisons.js';

const comparison = (change: Partial<Comparison>): Comparison => ({
  metric: 'top1',
  candidate: 'a',
  reference: 'b',
  effect: 0.02,
  interval: [0.01, 0.03],
  threshold: 0.002,
  verdict: { state: 'better' },
  ...change,
});

const groupOf = (...comparisons: readonly Comparison[]): ComparableGroup => ({
  group: 'lightnet',
  candidates: ['a', 'b'],
  comparisons,
  rankings: { top1: [], latency: [], params: [], macs: [], flops: [], 'peak-memory': [] },
  effects: [],
  fronts: [],
});

describe('the comparison of two candidates', () => {
  it('is found as it stands', () => {
    const forward = comparison({});
    expect(comparisonOf(groupOf(forward), 'top1', 'a', 'b')).toBe(forward);
  });

  it('is turned round: a difference changes its sign, and better becomes worse', () => {
    expect(comparisonOf(groupOf(comparison({})), 'top1', 'b', 'a')).toEqual(
      comparison({
        candidate: 'b',
        reference: 'a',
        effect: -0.02,
        interval: [-0.03, -0.01],
        verdict: { state: 'worse' },
      }),
    );
  });

  it('is turned round: a ratio becomes its inverse', () => {
    // Twice as slow is half as fast; 1.6 to 2.5 times becomes 1 / 2.5 to 1 / 1.6.
    const slower = comparison({
      metric: 'latency',
      effect: 1,
      interval: [0.6, 1.5],
      verdict: { state: 'worse' },
    });
    const turned = comparisonOf(groupOf(slower), 'latency', 'b', 'a');
    expect(turned?.effect).toBe(-0.5);
    expect(turned?.interval?.[0]).toBeCloseTo(0.4 - 1);
    expect(turned?.interval?.[1]).toBeCloseTo(0.625 - 1);
    expect(turned?.verdict).toEqual({ state: 'better' });
  });

  it('keeps what is undecided, and what would decide it', () => {
    const verdict = { state: 'undecided', needed: { unit: 'seeds', count: 9 } } as const;
    expect(comparisonOf(groupOf(comparison({ verdict })), 'top1', 'b', 'a')?.verdict).toBe(verdict);
  });

  it('is null where there is none on the metric', () => {
    expect(comparisonOf(groupOf(comparison({})), 'latency', 'a', 'b')).toBeNull();
  });
});

it('a pair is counted once, whichever way round it is held', () => {
  const group = groupOf(
    comparison({}),
    comparison({ candidate: 'b', reference: 'a' }),
    comparison({ metric: 'latency' }),
  );
  expect(pairsOf(group, 'top1')).toHaveLength(1);
});
