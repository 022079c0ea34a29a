import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import type { ClaimAnswer } from '../../../harness/analysis/analysis.js';
import { parseClaim } from '../../../harness/analysis/claims.js';
import { UserError } from '../../../harness/user-error.js';
import type { CandidateRecord } from '../../../results/record.js';
import { type MeasuredCandidate, measuredRun } from '../../support/measured-run.js';
import { HOSTILE_NAMES } from '../../support/run-fixture.js';
import { normalSource, simulateCorrect } from '../../support/simulation.js';

const NAMES = ['repso', 'meta-light/depthwise', 'a (wide)', ...Object.values(HOSTILE_NAMES)];

describe('parseClaim', () => {
  it('reads metric, candidates and relation', () => {
    expect(parseClaim('accuracy(repso) > accuracy(meta-light/depthwise)', NAMES)).toMatchObject({
      metric: 'top1',
      left: 'repso',
      relation: '>',
      right: 'meta-light/depthwise',
    });
    expect(parseClaim(' macs(a (wide))<=macs(repso) ', NAMES)).toMatchObject({
      metric: 'macs',
      left: 'a (wide)',
      relation: '<=',
    });
  });

  it('reads every name', () => {
    for (const name of NAMES.slice(1)) {
      expect(parseClaim(`latency(repso) < latency(${name})`, NAMES)).toMatchObject({
        left: 'repso',
        right: name,
      });
    }
  });

  it.each([
    ['accuracy(repso) is good', /cannot be read/],
    ['accuracy(repso) > 0.9', /cannot be read/],
    ['speed(repso) > speed(a (wide))', /unknown metric speed/],
    ['accuracy(repso) > latency(a (wide))', /compares accuracy with latency/],
    ['accuracy(repso) > accuracy(repso)', /with itself/],
    ['accuracy(repso) > accuracy(depthwise)', /depthwise, which is no candidate/],
  ])('refuses %s', (text, message) => {
    expect(() => parseClaim(text, NAMES)).toThrow(UserError);
    expect(() => parseClaim(text, NAMES)).toThrow(message);
  });
});

const rounds = (meanMs: number, seed: number): number[][] => {
  const normal = normalSource(seed);
  return Array.from({ length: 6 }, () => Array.from({ length: 4 }, () => meanMs * (1 + 0.001 * normal())));
};

const candidates = (seeds = 5): readonly MeasuredCandidate[] => {
  const model = { seedSpread: 0.01, gains: [0, 0.6, 0] };
  return simulateCorrect(normalSource(1), model, { seeds, images: 2000 }).map((correct, i) => ({
    name: 'abc'.charAt(i),
    correct,
    roundMs: rounds([10, 11, 10][i] ?? 0, i),
  }));
};

const answers = (
  claims: readonly string[],
  of: readonly MeasuredCandidate[] = candidates(),
): readonly ClaimAnswer[] => analyse(measuredRun({ candidates: of, claims, control: rounds(10, 9) })).claims;

const states = (claims: readonly string[], of?: readonly MeasuredCandidate[]) =>
  answers(claims, of).map(({ state }) => state);

describe('claims', () => {
  it.each([
    ['accuracy(b) > accuracy(a)', 'supported'],
    ['accuracy(a) < accuracy(b)', 'supported'],
    ['accuracy(a) > accuracy(b)', 'contradicted'],
    ['accuracy(c) > accuracy(a)', 'undecided'],
    ['latency(a) < latency(b)', 'supported'],
    ['latency(b) < latency(a)', 'contradicted'],
    ['latency(a) < latency(c)', 'contradicted'],
    ['latency(a) = latency(c)', 'supported'],
    ['latency(a) <= latency(b)', 'supported'],
    ['params(a) < params(b)', 'contradicted'],
    ['params(a) = params(b)', 'supported'],
  ])('%s is %s', (claim, state) => {
    expect(states([claim])).toEqual([state]);
  });

  it('come with the numbers, left against right', () => {
    const [answer] = answers(['accuracy(a) < accuracy(b)']);
    expect(answer).toMatchObject({
      claim: 'accuracy(a) < accuracy(b)',
      comparison: { metric: 'top1', candidate: 'a', reference: 'b', verdict: { state: 'worse' } },
    });
  });

  it('are answered in their order, those that cannot be with the reason', () => {
    const found = answers([
      'macs(a) = macs(b)',
      'accuracy(a) > accuracy(x)',
      'nonsense',
      'accuracy(b) > accuracy(a)',
    ]);
    expect(found.map(({ state }) => state)).toEqual([
      'supported',
      'not-answerable',
      'not-answerable',
      'supported',
    ]);
    expect(found[1]).toMatchObject({ reason: expect.stringMatching(/x, which is no candidate/) });
  });

  it('are judged as a family: the more there are, the wider the intervals', () => {
    const widthOf = (answer: ClaimAnswer | undefined): number => {
      if (answer === undefined || answer.state === 'not-answerable') throw new Error('expected an answer');
      const [low, high] = answer.comparison.interval ?? [0, 0];
      return high - low;
    };
    const claim = 'accuracy(c) > accuracy(a)';
    const [alone] = answers([claim]);
    const [among] = answers([claim, 'accuracy(a) > accuracy(c)', 'accuracy(c) >= accuracy(a)']);
    expect(widthOf(among)).toBeGreaterThan(widthOf(alone));
  });

  it('are undecided from one seed, and not answerable where nothing was measured', () => {
    expect(states(['accuracy(b) > accuracy(a)', 'accuracy(b) >= accuracy(a)'], candidates(1))).toEqual([
      'undecided',
      'undecided',
    ]);
    expect(states(['accuracy(b) > accuracy(a)'], candidates(0))).toEqual(['not-answerable']);
  });

  it('compare a block in LightNet with a published network only where both are matched on one budget', () => {
    const budget = (target: number): NonNullable<CandidateRecord['budget']> => ({
      metric: 'params',
      target,
      tolerance: 0.02,
      knob: 'expansion',
      value: 3,
      residual: 0,
    });
    const [a, b] = candidates();
    const against = (record: Partial<CandidateRecord>) =>
      states(
        ['accuracy(b) > accuracy(a)', 'params(b) = params(a)'],
        [
          { ...a, name: 'a', record: { budget: budget(1000) } },
          { ...b, name: 'b', record: { group: 'network', ...record } },
        ],
      );
    expect(against({ budget: budget(1000) })).toEqual(['supported', 'supported']);
    expect(against({ budget: budget(2000) })).toEqual(['not-answerable', 'supported']);
    expect(against({})).toEqual(['not-answerable', 'supported']);
  });

  it('do not compare unequal skeletons', () => {
    const [a, b] = candidates();
    const [answer] = answers(
      ['accuracy(b) > accuracy(a)'],
      [
        { ...a, name: 'a', record: { skeleton: 'one' } },
        { ...b, name: 'b', record: { skeleton: 'two' } },
      ],
    );
    expect(answer).toMatchObject({
      state: 'not-answerable',
      reason: expect.stringMatching(/skeleton: two and one/),
    });
  });
});
