/** The whole table of what verdicts on accuracies promise; see docs/method.md. A part of it is in every test run. */
import { describe, expect, it } from 'vitest';
import {
  ONE_PAIR_OPEN,
  oneBetter,
  SCENARIOS,
  type ScenarioName,
  simulateCourse,
  simulateVerdicts,
} from '../../../support/group-simulation.js';

const DATA_SETS = 2000;
const TIMEOUT = 600_000;

/** Within which a share of so many data sets may differ from the truth by chance, twice in a hundred. */
const CHANCE = 0.005;

const scenarios = Object.keys(SCENARIOS) as ScenarioName[];
const sizes = [2, 3, 6, 8, 12].flatMap((candidates) => [2, 3, 5, 10].map((seeds) => ({ candidates, seeds })));
const cells = scenarios.flatMap((scenario) => sizes.map((size) => ({ ...size, scenario })));

describe('families of equal candidates', () => {
  it.each(cells)(
    '$candidates candidates, $seeds seeds, $scenario',
    (cell) => {
      const noisy = cell.scenario === 'one five times as noisy';
      const { falseVerdict, covered } = simulateVerdicts(cell, DATA_SETS);
      expect(falseVerdict).toBeLessThanOrEqual(noisy ? (cell.seeds === 2 ? 0.1 : 0.07) : 0.055);
      if (noisy) return;
      expect(covered).toBeGreaterThanOrEqual(0.94 - CHANCE);
      expect(covered).toBeLessThanOrEqual(0.99 + CHANCE);
    },
    TIMEOUT,
  );
});

describe('a candidate 1 point better', () => {
  it.each([
    { candidates: 8, seeds: 3, least: 0.7 },
    { candidates: 8, seeds: 5, least: 0.97 },
    { candidates: 6, seeds: 2, least: 0.25 },
  ])(
    'is told from $least of the others: $candidates candidates, $seeds seeds',
    ({ candidates, seeds, least }) => {
      const gains = oneBetter(candidates, 0.01);
      const { foundAtZero } = simulateVerdicts(
        { candidates, seeds, scenario: 'equal spreads', gains },
        DATA_SETS,
      );
      expect(foundAtZero).toBeGreaterThanOrEqual(least);
    },
    TIMEOUT,
  );
});

describe('trials added until all is decided', () => {
  const course = { firstSeeds: 2, mostSeeds: 12 };

  it.each(scenarios.flatMap((scenario) => [3, 8].map((candidates) => ({ candidates, scenario }))))(
    'are no more often false: $candidates equal candidates, $scenario',
    ({ candidates, scenario }) => {
      const { falseVerdict, covered } = simulateCourse({ candidates, scenario }, course, DATA_SETS);
      const noisy = scenario === 'one five times as noisy';
      expect(falseVerdict).toBeLessThanOrEqual(noisy ? 0.1 : 0.055);
      if (!noisy) expect(covered).toBeGreaterThanOrEqual(0.94 - CHANCE);
    },
    TIMEOUT,
  );

  const pairs = (ONE_PAIR_OPEN.length * (ONE_PAIR_OPEN.length - 1)) / 2;

  it(
    'take half the trials where one pair is open',
    () => {
      const group = {
        candidates: ONE_PAIR_OPEN.length,
        scenario: 'equal spreads',
        gains: ONE_PAIR_OPEN,
      } as const;
      const fixedSeeds = 7;
      const fixed = simulateVerdicts({ ...group, seeds: fixedSeeds }, DATA_SETS);
      const added = simulateCourse(group, { ...course, firstSeeds: 3 }, DATA_SETS);
      expect(added.trials).toBeLessThanOrEqual(0.52 * fixedSeeds * ONE_PAIR_OPEN.length);
      // All other pairs are always found.
      expect((1 - added.found) * pairs).toBeLessThanOrEqual((1 - fixed.found) * pairs + 0.02);
    },
    TIMEOUT,
  );
});
