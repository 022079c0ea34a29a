import { describe, expect, it } from 'vitest';
import { ALPHA } from '../../../harness/stats/inference.js';
import { earlyLooks, isEarlyLook, lookLevels } from '../../../harness/stats/looks.js';

describe('lookLevels', () => {
  it.each([0, 1, 9, 97])('adds up to the level with %i early looks', (looks) => {
    const { early, last } = lookLevels(looks);
    expect(looks * early + last).toBeCloseTo(ALPHA, 12);
  });

  it('leaves most to the last look, and all where there is no other', () => {
    expect(lookLevels(9).last).toBeCloseTo(0.04, 12);
    expect(lookLevels(0)).toEqual({ early: 0, last: ALPHA });
  });
});

describe('early looks', () => {
  it.each([1, 2, 3, 4, 12])('are as many as there are sessions to look after, of %i', (sessions) => {
    const after = Array.from({ length: sessions }, (_, i) => i + 1);
    expect(after.filter((done) => isEarlyLook(done, sessions))).toHaveLength(earlyLooks(sessions));
  });
});
