import { describe, expect, it } from 'vitest';
import { type Inference, meanInference } from '../../../harness/stats/inference.js';
import { unitsNeeded } from '../../../harness/stats/needed.js';
import { roundsInference } from '../../../harness/stats/rounds.js';
import { normalSource } from '../../support/simulation.js';

/** A mean of so many values of a standard deviation of 1. */
const known = (value: number, units: number): Inference => {
  const deviation = Math.sqrt((units - 1) / units);
  return meanInference(
    Array.from({ length: units }, (_, i) => value + (i % 2 === 0 ? deviation : -deviation)),
  );
};

describe('unitsNeeded', () => {
  const limit = (within: number, beyond = within) => ({ limits: { within, beyond } });
  const options = { ...limit(0), alpha: 0.05, most: 100 };

  it('is the textbook number of pairs for 80 % power', () => {
    // Effect of half a standard deviation: 34 pairs (Cohen 1988, table 2.4.1, paired).
    const needed = unitsNeeded(known(0.5, 4), options) ?? 0;
    expect(Math.abs(needed - 34)).toBeLessThanOrEqual(1);
  });

  it('counts the way to the nearer limit', () => {
    const far = unitsNeeded(known(1, 4), { ...options, ...limit(0.2) }) ?? 0;
    const near = unitsNeeded(known(1, 4), { ...options, ...limit(0.5) }) ?? 0;
    expect(near).toBeGreaterThan(far);
    expect(unitsNeeded(known(0, 4), { ...options, ...limit(0.5) })).toBe(near);
  });

  it('gives up beyond the most, and at a limit itself', () => {
    expect(unitsNeeded(known(0.5, 4), { ...options, most: 20 })).toBeNull();
    expect(unitsNeeded(known(0.5, 4), { ...options, ...limit(0.5) })).toBeNull();
  });

  it('counts on noise to come down with more units', () => {
    const quiet = unitsNeeded(known(1, 4), { ...options, ...limit(0.2) }) ?? 0;
    const noisy = unitsNeeded(known(1, 4), { ...options, ...limit(0.2, 1.2) }) ?? 0;
    expect(noisy).toBeGreaterThan(quiet);
    expect(unitsNeeded(known(1, 4), { ...options, ...limit(0.2, 1e3) })).toBeNull();
    // No noise stands in the way of a tie.
    expect(unitsNeeded(known(0, 4), { ...options, ...limit(0.5, 1e3) })).toBe(
      unitsNeeded(known(0, 4), { ...options, ...limit(0.5) }),
    );
  });

  it('knows nothing from one unit', () => {
    expect(unitsNeeded(roundsInference([[1, 2, 3]]), options)).toBeNull();
  });

  it('names a number that decides four times in five', () => {
    const [normal, effect, simulations] = [normalSource(8), 0.8, 2000];
    const needed = unitsNeeded(known(effect, 4), options) ?? 0;
    let decided = 0;
    for (let i = 0; i < simulations; i += 1) {
      const { interval } = meanInference(Array.from({ length: needed }, () => effect + normal()));
      if (interval(0.05)[0] > 0) decided += 1;
    }
    expect(decided / simulations).toBeGreaterThan(0.77);
    expect(decided / simulations).toBeLessThan(0.87);
  });
});
