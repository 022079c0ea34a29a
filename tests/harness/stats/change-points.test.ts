import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactLevels, noisyLevels } from '../../../harness/stats/change-points.js';
import { ALPHA } from '../../../harness/stats/inference.js';
import { seededRandom } from '../../support/random.js';
import { normalSource } from '../../support/simulation.js';

const LIMITS = { alpha: ALPHA, leastChange: 0 };

const random = seededRandom(11);
const normal = normalSource(12);

const studentT3 = (): number => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3);

/** A tenth of the values, all on one side, 5 to 20 standard deviations off. */
const withOutliers = (): number => normal() + (random() < 0.1 ? 5 + 15 * random() : 0);

const NOISE: Readonly<Record<string, () => number>> = {
  'normal noise': normal,
  'heavy tails (Student, 3 degrees of freedom)': studentT3,
  'skewed noise (exponential)': () => -Math.log(1 - random()),
  'outliers, one in ten': withOutliers,
};

const drawn = (count: number, noise: () => number, level: (i: number) => number = () => 0): number[] =>
  Array.from({ length: count }, (_, i) => level(i) + noise());

/** Share of simulations in which something holds. */
const share = (simulations: number, holds: () => boolean): number =>
  Array.from({ length: simulations }, holds).filter(Boolean).length / simulations;

describe.each(Object.entries(NOISE))('a constant level with %s', (_name, noise) => {
  it.each([8, 12, 25, 60, 150])('has a change in at most a twentieth of series of %i values', (count) => {
    // 5 % and what 400 draws add by chance, twice their standard error.
    expect(share(400, () => noisyLevels(drawn(count, noise), LIMITS).length > 1)).toBeLessThanOrEqual(0.072);
  });
});

describe('a step', () => {
  const foundAt = (at: number, slack: number, values: readonly number[]): boolean => {
    const levels = noisyLevels(values, LIMITS);
    return levels.length === 2 && Math.abs((levels[1]?.start ?? 0) - at) <= slack;
  };

  it.each([
    ['of 3 standard deviations, in the middle of 20 values', 20, 10, 3, 1],
    ['of 1.5, in the middle of 100', 100, 50, 1.5, 8],
    ['of 3, five values before the end of 100', 100, 95, 3, 1],
    ['of 4, four values before the end of 100', 100, 96, 4, 1],
  ])('%s is found at its place in two of three series', (_name, count, at, size, slack) => {
    const values = () => drawn(count, normal, (i) => (i < at ? 0 : size));
    expect(share(200, () => foundAt(at, slack, values()))).toBeGreaterThan(2 / 3);
  });

  it('is found among outliers', () => {
    const values = () => drawn(100, withOutliers, (i) => (i < 60 ? 0 : 3));
    expect(share(200, () => foundAt(60, 2, values()))).toBeGreaterThan(2 / 3);
  });

  it('that returns is two changes', () => {
    const values = drawn(90, normal, (i) => (i < 30 || i >= 60 ? 0 : 5));
    expect(noisyLevels(values, LIMITS).map(({ start }) => start)).toEqual([0, 30, 60]);
  });

  it('has the level of its values, however few they are', () => {
    const values = drawn(60, normal, (i) => (i < 55 ? 0 : 100));
    expect(noisyLevels(values, LIMITS).at(-1)?.level).toBeGreaterThan(95);
  });

  it('is found without noise, too', () => {
    const values = drawn(
      12,
      () => 0.3,
      (i) => (i < 6 ? 0 : 0.1),
    );
    expect(noisyLevels(values, LIMITS).map(({ start }) => start)).toEqual([0, 6]);
  });
});

describe('a slow drift', () => {
  it('of a tenth of the noise from value to value is found in nearly all series, all in one direction', () => {
    const found = () => {
      const levels = noisyLevels(
        drawn(80, normal, (i) => 0.1 * i),
        LIMITS,
      ).map(({ level }) => level);
      return levels.length > 1 && levels.every((level, i) => i === 0 || level > (levels[i - 1] ?? 0));
    };
    expect(share(200, found)).toBeGreaterThan(0.95);
  });

  it('is not lost where each of its steps is below what counts as a change', () => {
    const values = Array.from({ length: 60 }, (_, i) => Math.floor(i / 10) + 0.01 * normal());
    expect(noisyLevels(values, LIMITS)).toHaveLength(6);
    const levels = noisyLevels(values, { alpha: ALPHA, leastChange: 1.5 });
    expect(levels.length).toBeGreaterThan(1);
    for (const [i, { level }] of levels.slice(1).entries()) {
      expect(level - (levels[i]?.level ?? 0)).toBeGreaterThanOrEqual(1.5);
    }
  });
});

const series = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 60 });

describe.each([
  ['noisy', (values: readonly number[]) => noisyLevels(values, LIMITS)],
  ['exact', exactLevels],
] as const)('%s levels', (_name, levelsOf) => {
  it('cover the series without gap or overlap', () => {
    fc.assert(
      fc.property(series, (values) => {
        const levels = levelsOf(values);
        expect(levels.flatMap(({ start, end }) => values.slice(start, end))).toEqual(values);
        for (const { start, end } of levels) expect(end).toBeGreaterThan(start);
      }),
    );
  });
});

it('noisy levels are the same on any scale', () => {
  fc.assert(
    fc.property(fc.integer({ min: -20, max: 20 }), (exponent) => {
      const values = drawn(40, normal, (i) => (i < 20 ? 8 : 12));
      const starts = (factor: number) =>
        noisyLevels(
          values.map((value) => factor * value),
          LIMITS,
        ).map(({ start }) => start);
      expect(starts(2 ** exponent)).toEqual(starts(1));
    }),
  );
});

it('a level lasts for three values or more', () => {
  fc.assert(
    fc.property(series, (values) => {
      const levels = noisyLevels(values, LIMITS);
      if (levels.length > 1) {
        for (const { start, end } of levels) expect(end - start).toBeGreaterThanOrEqual(3);
      }
    }),
  );
});

it('every different value of an exact series is a level', () => {
  expect(exactLevels([5, 5, 6, 5])).toEqual([
    { start: 0, end: 2, level: 5 },
    { start: 2, end: 3, level: 6 },
    { start: 3, end: 4, level: 5 },
  ]);
});

it('ten thousand values are divided, with their changes', () => {
  const values = drawn(10_000, normal, (i) => 5 * (Math.floor(i / 1000) % 2));
  expect(noisyLevels(values, LIMITS)).toHaveLength(10);
});
