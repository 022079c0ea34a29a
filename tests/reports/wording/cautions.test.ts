import { describe, expect, it } from 'vitest';
import type { Caution } from '../../../harness/analysis/caution.js';
import { cautionLines, cautionText, warningText } from '../../../reports/wording/cautions.js';
import type { WarningKind } from '../../../results/measurement/warning.js';

const TRIALS = { trials: [{ candidate: 'mine', seed: 7 }], of: 31 };

/** One of every kind: a kind without an example does not compile. */
const CAUTIONS: { readonly [K in Caution['kind']]: Omit<Extract<Caution, { kind: K }>, 'kind'> } = {
  'trials-failed': TRIALS,
  'trials-pending': TRIALS,
  'learned-nothing': TRIALS,
  'lost-in-chance': { ...TRIALS, testImages: 30, guessing: 0.77 },
  'one-seed': { recommended: 43 },
  'few-seeds': { seeds: 2, recommended: 43 },
  'rate-at-edge': { candidates: [{ candidate: 'mine', learningRate: 0.55 }], lowest: 0.55, highest: 7.5 },
  'several-looks': {},
  'no-latency': {},
  'latency-missing': { candidates: [{ candidate: 'mine', state: 'failed' }] },
  'int8-failed': { ...TRIALS, reason: 'It is mine.' },
  'no-int8-latency': { engine: 'mine', device: 'toaster' },
  'one-session': { recommended: 43 },
  'few-sessions': { sessions: 2, recommended: 43 },
  'no-control': {},
  'noise-floor': { floor: 0.075, threshold: 0.031 },
  machine: { warning: { kind: 'governor', governor: 'powersave' } },
  'budget-of-this-machine': {},
  'off-latency-budget': { candidate: 'mine', residual: 0.075 },
  'no-knob': { candidate: 'mine', metric: 'latency', residual: 0.075 },
  'same-network': { candidates: ['mine', 'yours', 'theirs'] },
  'incomplete-design': { candidates: 31, combinations: 43 },
};

const WARNINGS: { readonly [K in WarningKind['kind']]: Omit<Extract<WarningKind, { kind: K }>, 'kind'> } = {
  load: { load: 7.5, cores: 31 },
  'others-busy': { share: 0.31 },
  'heat-since-boot': { times: 31 },
  'heat-while-measuring': { times: 31 },
  governor: { governor: 'powersave' },
  'speed-limit': { share: 0.31 },
  'gpu-slowed': { slowed: [{ slowdown: 'power-cap', share: 0.31 }] },
  'torn-journal': { bytes: 31 },
  'journal-lines-missing': { lines: 3 },
};

/** What of a value must be told: names and numbers, numbers by their first digits. */
const told = (value: unknown): string[] => {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => (key === 'kind' ? [] : told(inner)));
  if (typeof value === 'number')
    return [
      String(value)
        .replace(/^0?\.0*/, '')
        .slice(0, 1),
    ];
  return [String(value)];
};

describe('the words for a caution', () => {
  it.each(Object.entries(CAUTIONS))('tell everything that %s holds, in whole sentences', (kind, values) => {
    const text = cautionText({ kind, ...values } as Caution);
    expect(text).toMatch(/^\S.*\.$/s);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    for (const word of told(values)) expect(text).toContain(word);
  });
});

it('a terminal has few cautions of one kind, and says how many more there are', () => {
  const off = (count: number): Caution[] =>
    Array.from({ length: count }, (_, i) => ({
      kind: 'off-latency-budget',
      candidate: `c${i}`,
      residual: 0.1,
    }));
  expect(cautionLines([...off(9), { kind: 'no-latency' }])).toEqual([
    ...off(3).map(cautionText),
    '6 more like it, on the page.',
    'No latency was measured.',
  ]);
  expect(cautionLines(off(4))).toHaveLength(4);
});

it('a noise floor is told from the threshold that it exceeds', () => {
  const text = (floor: number) => cautionText({ kind: 'noise-floor', floor, threshold: 0.01 });
  expect(text(0.0104)).toContain('Noise floor 1.04 %');
  expect(text(0.01003)).toContain('Noise floor 1.003 %');
  expect(text(0.05)).toContain('Noise floor 5.0 %');
});

describe('the words for a warning', () => {
  it.each(Object.entries(WARNINGS))('tell everything that %s holds, in a whole sentence', (kind, values) => {
    const text = warningText({ kind, ...values } as WarningKind);
    expect(text).toMatch(/^\S.*\.$/s);
    for (const word of told(values)) expect(text).toContain(word);
  });

  it('are those that a record of an earlier version holds', () => {
    expect(warningText('Other programs ran.')).toBe('Other programs ran.');
  });
});
