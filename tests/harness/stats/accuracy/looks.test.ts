import { describe, expect, it } from 'vitest';
import { decideOverLooks, isDecidable, lookAlpha } from '../../../../harness/stats/accuracy/looks.js';
import { trialPosterior } from '../../../../harness/stats/accuracy/posterior.js';
import { ALPHA } from '../../../../harness/stats/inference.js';
import { groupSource, oneBetter } from '../../../support/group-simulation.js';

const limits = { within: 0.002, beyond: 0.002 };
const contrasts = [
  [
    [2, 1],
    [0, -1],
  ],
  [
    [1, 1],
    [0, -1],
  ],
] as const;

const posteriorOf = (seeds: number, better: number) =>
  trialPosterior(
    groupSource({ candidates: 3, seeds, scenario: 'equal spreads', gains: oneBetter(3, better) })(),
  );

describe('decideOverLooks', () => {
  it('does not take back what an early look has decided', () => {
    const [first] = decideOverLooks([posteriorOf(5, 0.1), posteriorOf(5, 0)], contrasts, limits, ALPHA);
    expect(first).toMatchObject({ state: 'better', look: 0, value: expect.closeTo(0.1, 2) });
  });

  it('shows what is open as the last look sees it', () => {
    const [, second] = decideOverLooks([posteriorOf(3, 0), posteriorOf(5, 0)], contrasts, limits, ALPHA);
    expect(second).toMatchObject({ state: 'undecided', look: 1 });
  });

  it('decides nothing about a candidate with one trial', () => {
    const table = groupSource({
      candidates: 3,
      seeds: 4,
      scenario: 'equal spreads',
      gains: oneBetter(3, 0.2),
    })();
    const top1 = table.top1.map((value, i) => (i > 8 ? Number.NaN : value));
    const posterior = trialPosterior({ ...table, top1 });
    expect(contrasts.map((contrast) => isDecidable(posterior, contrast))).toEqual([false, true]);
    expect(decideOverLooks([posterior], contrasts, limits, ALPHA)[0]?.state).toBe('undecided');
  });

  it('needs a look', () => {
    expect(() => decideOverLooks([], contrasts, limits, ALPHA)).toThrow(RangeError);
  });
});

describe('lookAlpha', () => {
  it('asks for more where there may be several looks', () => {
    expect(lookAlpha(false)).toBe(ALPHA);
    expect(lookAlpha(true)).toBeLessThan(ALPHA);
  });
});
