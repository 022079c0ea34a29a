/** Groups of candidates with known accuracies, and what the verdicts on them get right. */
import { type Contrast, contrastFamily } from '../../harness/stats/accuracy/contrasts.js';
import type { CrossedTrials } from '../../harness/stats/accuracy/correctness.js';
import { type Decision, decideOverLooks, lookAlpha } from '../../harness/stats/accuracy/looks.js';
import { nextTrials } from '../../harness/stats/accuracy/next-trials.js';
import { type AccuracyPosterior, trialPosterior } from '../../harness/stats/accuracy/posterior.js';
import { ALPHA, type Interval } from '../../harness/stats/inference.js';
import { median } from '../../harness/stats/sample.js';
import { verdictOf } from '../../harness/stats/verdict.js';
import { seededRandom } from './random.js';

/** Between seeds, as a share: a quarter of a point, as small networks on small images have it. */
const SPREAD = 0.0026;
const BASE = 0.9;
const IMAGES = 10_000;
const THRESHOLD = 0.002;

interface Noise {
  readonly uniform: () => number;
  readonly normal: () => number;
}

/** What varies in a group whose candidates are equally good. */
export interface Scenario {
  /** Of a candidate by its place, in multiples of the usual spread; drawn anew for every data set. */
  readonly spread: (candidate: number, noise: Noise) => number;
  /** With mean 0 and variance 1. */
  readonly deviation: (noise: Noise) => number;
  /** What a seed does to all candidates, in multiples of the usual spread. */
  readonly common: number;
}

const DEGREES_OF_T = 4;

const PLAIN: Scenario = { spread: () => 1, deviation: ({ normal }) => normal(), common: 0 };

export const SCENARIOS = {
  'equal spreads': PLAIN,
  'spreads of log sd 0.4': { ...PLAIN, spread: (_candidate, { normal }) => Math.exp(0.4 * normal()) },
  'a common seed effect': { ...PLAIN, common: 1 },
  'thrice that': { ...PLAIN, common: 3 },
  't with 4 degrees of freedom': {
    ...PLAIN,
    deviation: ({ normal }) => {
      let squares = 0;
      for (let k = 0; k < DEGREES_OF_T; k += 1) squares += normal() ** 2;
      return normal() / Math.sqrt(squares / DEGREES_OF_T) / Math.sqrt(DEGREES_OF_T / (DEGREES_OF_T - 2));
    },
  },
  skewed: { ...PLAIN, deviation: ({ uniform }) => 1 + Math.log(1 - uniform()) },
  'one five times as noisy': { ...PLAIN, spread: (candidate) => (candidate === 0 ? 5 : 1) },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export interface Group {
  readonly candidates: number;
  readonly seeds: number;
  readonly scenario: ScenarioName;
  /** By candidate, by how much it is better than the usual; 0 unless stated. */
  readonly gains?: readonly number[];
  /** In multiples of the usual one. */
  readonly spread?: number;
}

/** Data sets of one group, without end. */
export const groupSource = ({ candidates, seeds, scenario, gains = [], spread = 1 }: Group, seed = 1) => {
  const { spread: spreadOf, deviation, common } = SCENARIOS[scenario];
  const uniform = seededRandom(1000 * seed + 100 * candidates + seeds);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const noise = { uniform, normal };
  return (): CrossedTrials => {
    const shared = Array.from({ length: seeds }, () => (common > 0 ? common * normal() : 0));
    const top1 = new Float64Array(candidates * seeds);
    for (let c = 0; c < candidates; c += 1) {
      const own = spreadOf(c, noise);
      for (let s = 0; s < seeds; s += 1) {
        const off = spread * SPREAD * (own * deviation(noise) + (shared[s] ?? 0));
        top1[c * seeds + s] = BASE + (gains[c] ?? 0) + off;
      }
    }
    return {
      candidates,
      seeds,
      top1,
      resolution: Math.sqrt(1 / 12) / IMAGES,
      leastSpread: new Float64Array(candidates),
      imageCovariance: { size: candidates, values: new Float64Array(candidates ** 2) },
      bounds: [0, 1],
    };
  };
};

/** Every pair of so many once, the later against the earlier. */
export const pairsOf = (candidates: number): readonly (readonly [number, number])[] =>
  Array.from({ length: candidates }, (_, later) =>
    Array.from({ length: later }, (_, earlier) => [later, earlier] as const),
  ).flat();

/** By pair, the first's true accuracy - the second's. */
const truthsOf = ({ candidates, gains = [] }: Group): readonly number[] =>
  pairsOf(candidates).map(([one, other]) => (gains[one] ?? 0) - (gains[other] ?? 0));

const contrastsOf = (candidates: number): readonly Contrast[] =>
  pairsOf(candidates).map(([one, other]) => [
    [one, 1],
    [other, -1],
  ]);

/** One better by so much than all others, which are equal. */
export const oneBetter = (candidates: number, by: number): readonly number[] =>
  Array.from({ length: candidates }, (_, c) => (c === candidates - 1 ? by : 0));

/** Two are a point apart, all others far from them and from each other. */
export const ONE_PAIR_OPEN = [0, 0.01, 0.05, 0.08, -0.05, -0.08, -0.11, -0.14] as const;

export interface Outcome {
  /** Shares of data sets with a verdict that is not true, at the usual threshold of 0.2 points and at none. */
  readonly falseVerdict: number;
  readonly falseAtZero: number;
  /** All intervals hold the truth. */
  readonly covered: number;
  /** Of the pairs that differ by more than the threshold, those that are told apart. */
  readonly found: number;
  readonly foundAtZero: number;
  readonly medianHalfWidth: number;
}

export const simulateVerdicts = (group: Group, dataSets: number): Outcome => {
  const draw = groupSource(group);
  const [contrasts, truths] = [contrastsOf(group.candidates), truthsOf(group)];
  const sums = { falseVerdict: 0, falseAtZero: 0, covered: 0, found: 0, foundAtZero: 0 };
  const widths: number[] = [];
  for (let i = 0; i < dataSets; i += 1) {
    const { estimates } = contrastFamily(trialPosterior(draw()), contrasts, ALPHA);
    const intervals = estimates.map(({ interval }) => interval);
    const usual = judged(intervals, truths, THRESHOLD);
    const none = judged(intervals, truths, 0);
    sums.falseVerdict += usual.isFalse ? 1 : 0;
    sums.falseAtZero += none.isFalse ? 1 : 0;
    sums.covered += holdsAll(intervals, truths) ? 1 : 0;
    sums.found += usual.found;
    sums.foundAtZero += none.found;
    widths.push(...intervals.map(([low, high]) => (high - low) / 2));
  }
  return {
    falseVerdict: sums.falseVerdict / dataSets,
    falseAtZero: sums.falseAtZero / dataSets,
    covered: sums.covered / dataSets,
    found: sums.found / dataSets,
    foundAtZero: sums.foundAtZero / dataSets,
    medianHalfWidth: median(widths),
  };
};

const holdsAll = (intervals: readonly Interval[], truths: readonly number[]): boolean =>
  intervals.every(([low, high], p) => low <= (truths[p] ?? 0) && (truths[p] ?? 0) <= high);

/** Whether any verdict of a family is false, and the share of differences beyond the threshold that are found. */
const judged = (intervals: readonly Interval[], truths: readonly number[], threshold: number) => {
  const limits = { within: threshold, beyond: threshold };
  const states = intervals.map((interval) => verdictOf(interval, limits, 'higher-is-better'));
  const right = truths.map((truth) => verdictOf([truth, truth], limits, 'higher-is-better'));
  const differ = right.filter((state) => state !== 'tie').length;
  const found = states.filter((state, p) => state !== 'tie' && state === right[p]).length;
  return {
    isFalse: states.some((state, p) => state !== 'undecided' && state !== right[p]),
    found: differ === 0 ? 0 : found / differ,
  };
};

/** How trials are added. */
export interface Course {
  readonly firstSeeds: number;
  readonly mostSeeds: number;
}

export interface CourseOutcome extends Pick<Outcome, 'falseVerdict' | 'covered' | 'found'> {
  /** On average. */
  readonly trials: number;
  readonly looks: number;
}

/** As a run until all is decided goes on: look, add trials, look again. `group.seeds` is not used. */
export const simulateCourse = (
  group: Omit<Group, 'seeds'>,
  { firstSeeds, mostSeeds }: Course,
  dataSets: number,
): CourseOutcome => {
  const draw = groupSource({ ...group, seeds: mostSeeds });
  const [contrasts, truths] = [contrastsOf(group.candidates), truthsOf({ ...group, seeds: mostSeeds })];
  const alpha = lookAlpha(true);
  const limits = { within: THRESHOLD, beyond: THRESHOLD };
  const costs = Array.from({ length: group.candidates }, () => 1);
  const sums = { falseVerdict: 0, covered: 0, found: 0, trials: 0, looks: 0 };
  for (let i = 0; i < dataSets; i += 1) {
    const all = draw();
    const looks: AccuracyPosterior[] = [];
    let covered = true;
    let counts: readonly number[] = costs.map(() => firstSeeds);
    let decisions: readonly Decision[] = [];
    for (;;) {
      const posterior = trialPosterior(firstTrials(all, counts));
      looks.push(posterior);
      decisions = decideOverLooks(looks, contrasts, limits, alpha);
      const { critical, estimates } = contrastFamily(posterior, contrasts, alpha);
      covered &&= holdsAll(
        estimates.map(({ interval }) => interval),
        truths,
      );
      const open = decisions.flatMap(({ state, value }, k) =>
        state === 'undecided' ? [{ contrast: contrasts[k] ?? [], value, threshold: THRESHOLD }] : [],
      );
      const family = { alpha, members: contrasts.length, critical };
      const next = nextTrials(posterior, open, family, {
        costs,
        mostSeeds,
        budget: Number.POSITIVE_INFINITY,
      });
      if (next.every((count, c) => count === counts[c])) break;
      counts = next;
    }
    const { isFalse, found } = judged(
      decisions.map(({ interval }) => interval),
      truths,
      THRESHOLD,
    );
    sums.falseVerdict += isFalse ? 1 : 0;
    sums.covered += covered ? 1 : 0;
    sums.found += found;
    sums.trials += counts.reduce((sum, count) => sum + count, 0);
    sums.looks += looks.length;
  }
  return {
    falseVerdict: sums.falseVerdict / dataSets,
    covered: sums.covered / dataSets,
    found: sums.found / dataSets,
    trials: sums.trials / dataSets,
    looks: sums.looks / dataSets,
  };
};

/** What is there once every candidate has so many trials. */
const firstTrials = (all: CrossedTrials, counts: readonly number[]): CrossedTrials => {
  const seeds = Math.max(...counts);
  const top1 = Float64Array.from({ length: all.candidates * seeds }, (_, i) => {
    const [c, s] = [Math.floor(i / seeds), i % seeds];
    return s < (counts[c] ?? 0) ? (all.top1[c * all.seeds + s] ?? Number.NaN) : Number.NaN;
  });
  return { ...all, seeds, top1 };
};
