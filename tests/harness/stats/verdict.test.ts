import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  NO_DIFFERENCE,
  RELATIONS,
  type RelationState,
  relationState,
  verdictOf,
} from '../../../harness/stats/verdict.js';

describe('verdictOf', () => {
  it.each([
    ['beyond the threshold', [0.3, 0.5], 'better'],
    ['from the threshold up', [0.2, 0.5], 'undecided'],
    ['across the threshold', [0.1, 0.5], 'undecided'],
    ['within', [-0.1, 0.1], 'tie'],
    ['up to both edges', [-0.2, 0.2], 'tie'],
    ['a little over an edge', [-0.1, 0.201], 'undecided'],
    ['wider than both edges', [-0.5, 0.5], 'undecided'],
    ['below, up to the threshold', [-0.5, -0.2], 'undecided'],
    ['below', [-0.5, -0.3], 'worse'],
    ['exactly nothing', [0, 0], 'tie'],
  ] as const)('says of an interval %s', (_where, interval, state) => {
    expect(verdictOf(interval, { within: 0.2, beyond: 0.2 }, 'higher-is-better')).toBe(state);
  });

  it('takes no difference as a tie where every difference counts', () => {
    expect(verdictOf([0, 0], NO_DIFFERENCE, 'lower-is-better')).toBe('tie');
    expect(verdictOf([1, 1], NO_DIFFERENCE, 'lower-is-better')).toBe('worse');
    expect(verdictOf([-1, -1], NO_DIFFERENCE, 'lower-is-better')).toBe('better');
  });

  it('leaves undecided what is more than a tie and less than noise can make', () => {
    const limits = { within: 1, beyond: 3 };
    expect(verdictOf([-1, 1], limits, 'higher-is-better')).toBe('tie');
    expect(verdictOf([-1, 1.1], limits, 'higher-is-better')).toBe('undecided');
    expect(verdictOf([2, 3], limits, 'higher-is-better')).toBe('undecided');
    expect(verdictOf([3.1, 4], limits, 'higher-is-better')).toBe('better');
  });

  it('turns round with the direction, and with the interval', () => {
    const end = fc.double({ min: -1, max: 1, noNaN: true });
    const limit = fc.double({ min: 0, max: 1, noNaN: true });
    const opposite = { better: 'worse', worse: 'better', tie: 'tie', undecided: 'undecided' };
    fc.assert(
      fc.property(end, end, limit, limit, (a, b, one, other) => {
        const limits = { within: Math.min(one, other), beyond: Math.max(one, other) };
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const state = verdictOf([low, high], limits, 'higher-is-better');
        expect(verdictOf([low, high], limits, 'lower-is-better')).toBe(opposite[state]);
        expect(verdictOf([-high, -low], limits, 'higher-is-better')).toBe(opposite[state]);
      }),
    );
  });
});

describe('relationState', () => {
  const regions = [
    ['below', [-3, -2]],
    ['below or a tie', [-3, 0]],
    ['a tie', [-1, 1]],
    ['anything', [-3, 3]],
    ['above or a tie', [0, 3]],
    ['above', [2, 3]],
  ] as const;

  it.each<[(typeof RELATIONS)[number], readonly RelationState[]]>([
    ['>', ['contradicted', 'contradicted', 'contradicted', 'undecided', 'undecided', 'supported']],
    ['>=', ['contradicted', 'undecided', 'supported', 'undecided', 'supported', 'supported']],
    ['=', ['contradicted', 'undecided', 'supported', 'undecided', 'undecided', 'contradicted']],
    ['<=', ['supported', 'supported', 'supported', 'undecided', 'undecided', 'contradicted']],
    ['<', ['supported', 'undecided', 'contradicted', 'undecided', 'contradicted', 'contradicted']],
  ])(
    'answers %s for an interval below, below or tied, tied, anywhere, tied or above, above',
    (relation, states) => {
      expect(
        regions.map(([, interval]) => relationState(relation, interval, { within: 1, beyond: 1 })),
      ).toEqual(states);
    },
  );

  it('answers neither way between a tie and what noise can make', () => {
    const answer = (relation: (typeof RELATIONS)[number]) =>
      relationState(relation, [2, 2.5], { within: 1, beyond: 3 });
    expect(RELATIONS.map(answer)).toEqual([
      'undecided',
      'contradicted',
      'supported',
      'undecided',
      'undecided',
    ]);
  });

  it('answers for exact values as arithmetic does', () => {
    const holds = {
      '>': [false, false, true],
      '>=': [false, true, true],
      '=': [false, true, false],
      '<=': [true, true, false],
      '<': [true, false, false],
    };
    for (const relation of RELATIONS) {
      const answers = [-1, 0, 1].map(
        (value) => relationState(relation, [value, value], NO_DIFFERENCE) === 'supported',
      );
      expect(answers).toEqual(holds[relation]);
    }
  });
});
