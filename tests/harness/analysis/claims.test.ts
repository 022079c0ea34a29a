import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import type { ClaimAnswer } from '../../../harness/analysis/analysis.js';
import { parseClaim } from '../../../harness/analysis/claims.js';
import { UserError } from '../../../harness/user/user-error.js';
import type { CandidateRecord } from '../../../results/plan/candidate.js';
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
      if (answer === undefined || !('comparison' in answer)) throw new Error('expected an answer');
      const [low, high] = answer.comparison.interval ?? [0, 0];
      return high - low;
    };
    const claim = 'accuracy(c) > accuracy(a)';
    const [alone] = answers([claim]);
    const [again] = answers([claim, 'accuracy(a) > accuracy(c)']);
    const [among] = answers([claim, 'accuracy(b) > accuracy(c)', 'accuracy(b) >= accuracy(a)']);
    expect(widthOf(again)).toBeCloseTo(widthOf(alone), 12);
    expect(widthOf(among)).toBeGreaterThan(widthOf(alone));
  });

  it('are undecided from one seed, and not answerable where nothing was measured', () => {
    expect(states(['accuracy(b) > accuracy(a)', 'accuracy(b) >= accuracy(a)'], candidates(1))).toEqual([
      'undecided',
      'undecided',
    ]);
    expect(states(['accuracy(b) > accuracy(a)'], candidates(0))).toEqual(['not-answerable']);
  });

  const costing = (factors: Partial<Record<'params' | 'macs', number>>): Pick<CandidateRecord, 'costs'> => {
    const [template] = measuredRun({ candidates: [{ name: 'x' }] }).plan.candidates;
    if (!template) throw new Error('no candidate');
    const { train, deploy } = template.costs;
    const { params = 1, macs = 1 } = factors;
    return {
      costs: { train, deploy: { ...deploy, params: deploy.params * params, macs: deploy.macs * macs } },
    };
  };

  const against = (
    record: Partial<CandidateRecord>,
    claims: readonly string[] = ['accuracy(b) > accuracy(a)'],
  ) => {
    const [a, b] = candidates();
    return answers(claims, [
      { ...a, name: 'a' },
      { ...b, name: 'b', record },
      { ...a, name: 'another block in the skeleton of a' },
    ]);
  };

  const ELSEWHERE: readonly Partial<CandidateRecord>[] = [
    { group: 'network', skeleton: 'of a network' },
    { skeleton: 'another' },
  ];

  it.each(ELSEWHERE)(
    'compare networks as a whole, %o, where they are matched on parameters and multiply-adds',
    (place) => {
      expect(against(place)).toMatchObject([{ state: 'supported' }]);
      expect(against({ ...place, ...costing({ params: 1.04, macs: 0.97 }) })).toMatchObject([
        { state: 'supported' },
      ]);
      expect(against({ ...place, ...costing({ macs: 4 }) })).toMatchObject([
        {
          state: 'not-comparable',
          reason: { kind: 'unequal-costs', costs: [{ metric: 'macs', ratio: 4, most: 1.05 }] },
        },
      ]);
      expect(against({ ...place, ...costing({ params: 0.5, macs: 2 }) })).toMatchObject([
        {
          state: 'not-comparable',
          reason: { costs: [{ metric: 'macs' }, { metric: 'params', ratio: 0.5 }] },
        },
      ]);
    },
  );

  it('compare blocks within one skeleton whatever they cost, and tell what else differs', () => {
    expect(against(costing({ macs: 4 }))).toMatchObject([
      { state: 'supported', comparison: { otherwise: { macsRatio: 4 } } },
    ]);
  });

  it('are not made comparable by a loose budget', () => {
    const budget = (tolerance: number): NonNullable<CandidateRecord['budget']> => ({
      metric: 'macs',
      target: 1000,
      tolerance,
      knob: 'expansion',
      value: 3,
      residual: 0,
    });
    const stateAt = (tolerance: number, macs: number) => {
      const [a, b] = candidates();
      return states(
        ['accuracy(b) > accuracy(a)'],
        [
          { ...a, name: 'a', record: { budget: budget(tolerance) } },
          {
            ...b,
            name: 'b',
            record: { skeleton: 'another', budget: budget(tolerance), ...costing({ macs }) },
          },
        ],
      );
    };
    expect(stateAt(0.01, 1.019)).toEqual(['supported']);
    expect(stateAt(0.01, 1.03)).toEqual(['not-comparable']);
    expect(stateAt(1, 1.5)).toEqual(['not-comparable']);
  });

  it('on costs are answered whatever they are, and on latency between published networks', () => {
    const network = { group: 'network', ...costing({ macs: 4 }) } as const;
    expect(
      against(network, ['macs(a) < macs(b)', 'latency(a) < latency(b)']).map(({ state }) => state),
    ).toEqual(['supported', 'not-comparable']);
    const [a, b] = candidates();
    expect(
      states(
        ['latency(a) < latency(b)'],
        [
          { ...a, name: 'a', record: { group: 'network' } },
          { ...b, name: 'b', record: network },
        ],
      ),
    ).toEqual(['supported']);
  });

  it('on peak memory are answered exactly, but not by plans that did not count it', () => {
    const { costs } = costing({});
    const needing = (values: number): Pick<CandidateRecord, 'costs'> => ({
      costs: { ...costs, deploy: { ...costs.deploy, peakMemory: { values, path: 'stem', isLeast: true } } },
    });
    const { peakMemory: _, ...uncounted } = costs.deploy;
    const claims = ['peakMemory(a) < peakMemory(b)', 'peakMemory(a) = peakMemory(b)'];
    const [a, b] = candidates();
    const statesWith = (one: Pick<CandidateRecord, 'costs'>, other: Pick<CandidateRecord, 'costs'>) =>
      states(claims, [
        { ...a, name: 'a', record: one },
        { ...b, name: 'b', record: other },
      ]);
    expect(statesWith(needing(999), needing(1000))).toEqual(['supported', 'contradicted']);
    expect(statesWith(needing(1000), needing(1000))).toEqual(['contradicted', 'supported']);
    expect(statesWith(needing(1000), { costs: { ...costs, deploy: uncounted } })).toEqual([
      'not-answerable',
      'not-answerable',
    ]);
  });
});
