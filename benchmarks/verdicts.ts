/**
 * What the verdicts on a group's accuracies get right, on simulated data with known truth: families of equal candidates in which a
 * difference is found, intervals that hold the truth, and how often a candidate that is 1 point better is told from the others. Then what
 * runs take in which trials are added until all is decided, against plans of a fixed number of seeds.
 *
 *   npx jiti benchmarks/verdicts.ts [--data-sets 2000] [--candidates 2,3,6,8,12] [--seeds 2,3,5,10]
 */
import { parseArgs } from 'node:util';
import {
  ONE_PAIR_OPEN,
  type Outcome,
  oneBetter,
  pairsOf,
  SCENARIOS,
  type ScenarioName,
  simulateCourse,
  simulateVerdicts,
} from '../tests/support/group-simulation.js';

const { values } = parseArgs({
  options: {
    'data-sets': { type: 'string', default: '2000' },
    candidates: { type: 'string', default: '2,3,6,8,12' },
    seeds: { type: 'string', default: '2,3,5,10' },
  },
});

const dataSets = Number(values['data-sets']);
const percent = (share: number): string => (100 * share).toFixed(1);

const print = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);

const falseCell = ({ falseVerdict, falseAtZero, covered }: Outcome): string =>
  `${percent(falseVerdict)} / ${percent(falseAtZero)} / ${percent(covered)}`;

const scenarios = Object.keys(SCENARIOS) as ScenarioName[];

console.log(
  `False verdicts at 0.2 points / at 0 / all intervals hold the truth, percent of ${dataSets} data sets:`,
);
print(['candidates', 'seeds', ...scenarios, 'found at 0.2 / at 0', 'half-width, points']);
print(Array.from({ length: scenarios.length + 4 }, () => '---'));
for (const candidates of values.candidates.split(',').map(Number)) {
  for (const seeds of values.seeds.split(',').map(Number)) {
    const cells = scenarios.map((scenario) =>
      falseCell(simulateVerdicts({ candidates, seeds, scenario }, dataSets)),
    );
    const better = simulateVerdicts(
      { candidates, seeds, scenario: 'equal spreads', gains: oneBetter(candidates, 0.01) },
      dataSets,
    );
    const found = `${percent(better.found)} / ${percent(better.foundAtZero)}`;
    print([candidates, seeds, ...cells, found, (100 * better.medianHalfWidth).toFixed(2)]);
  }
}

const COURSES: ReadonlyMap<string, readonly number[]> = new Map([
  ['all equal', oneBetter(8, 0)],
  ['one 1 point better', oneBetter(8, 0.01)],
  ['two 1 point apart, others far', ONE_PAIR_OPEN],
]);
const MOST_SEEDS = 12;
const FIXED = [5, 6, 7, 8, 9, 10];

console.log(
  '\nTrials added until all is decided (from 2 or 3 seeds to at most 12), and fixed plans; 8 candidates:',
);
print(['group', 'seeds', 'trials', 'looks', 'pairs not found', 'false / all intervals hold the truth']);
print(Array.from({ length: 6 }, () => '---'));
for (const [group, gains] of COURSES) {
  const differing = pairsOf(gains.length).filter(([one, other]) => gains[one] !== gains[other]).length;
  const missed = (found: number): string => (differing === 0 ? '-' : ((1 - found) * differing).toFixed(2));
  const row = { candidates: gains.length, scenario: 'equal spreads', gains } as const;
  for (const firstSeeds of [2, 3]) {
    const { trials, looks, found, falseVerdict, covered } = simulateCourse(
      row,
      { firstSeeds, mostSeeds: MOST_SEEDS },
      dataSets,
    );
    const cells = [`from ${firstSeeds}`, trials.toFixed(1), looks.toFixed(1), missed(found)];
    print([group, ...cells, `${percent(falseVerdict)} / ${percent(covered)}`]);
  }
  for (const seeds of FIXED) {
    const { found, falseVerdict, covered } = simulateVerdicts({ ...row, seeds }, dataSets);
    const cells = [seeds, seeds * gains.length, 1, missed(found)];
    print([group, ...cells, `${percent(falseVerdict)} / ${percent(covered)}`]);
  }
}
