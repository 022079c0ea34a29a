/** From a suite to everything that a run will do, decided before anything is trained. */

import type { BudgetMatch, CandidateRecord } from '../../../results/plan/candidate.js';
import { type Conditions, type Plan, SCHEMA_VERSION } from '../../../results/plan/plan.js';
import { contentKey, type DecidedPlan, planKeyOf } from '../../../results/plan/plan-key.js';
import { requireCrop, trainCount } from '../../data/batches/batches.js';
import type { Dataset } from '../../data/dataset.js';
import { requireFit } from '../../data/images/fit.js';
import type { ResolvedEngine } from '../../engines/registry.js';
import {
  requireEngineFor,
  requireShift,
  requireThreads,
  requireWarmup,
  stepsInEpoch,
} from '../../engines/requirements.js';
import type { MapShape } from '../../graph/shape.js';
import { requireCalibrationImages } from '../../quantise/calibrate.js';
import { didYouMean, withWords } from '../../user/did-you-mean.js';
import { MOST } from '../../user/limits.js';
import { toPattern } from '../../user/pattern.js';
import { UserError } from '../../user/user-error.js';
import { type CandidateSite, planCandidate } from './candidate.js';
import type { LoadedSuite } from './suite/load-suite.js';
import { type Budget, checkSuite, DEFAULT_TOLERANCE, type Suite } from './suite/suite-schema.js';

/** Where the candidates' networks stand: the suite's image size, the data set's channels and classes. */
export const siteOf = ({ data }: Suite, { channels, classes }: Dataset): CandidateSite => ({
  input: [channels, data.size, data.size] satisfies MapShape,
  classes: classes.length,
});

const requireFewTrials = ({ candidates, seeds }: Suite): void => {
  const trials = candidates.length * seeds;
  if (trials <= MOST.trials) return;
  throw new UserError(
    `${candidates.length} candidates with ${seeds} seeds each are ${trials} trials.`,
    `A plan has at most ${MOST.trials}: train fewer seeds, or choose candidates with --only.`,
  );
};

/** What training would meet only once it has begun. */
const requireTrainable = ({ recipe, tuning, data }: Suite, images: number): void => {
  const steps = stepsInEpoch(images, recipe.batch);
  requireShift(recipe, data.size);
  requireWarmup(recipe, steps);
  if (tuning?.epochs !== undefined) requireWarmup({ ...recipe, epochs: tuning.epochs }, steps);
};

/** Whatever says so: `init` of a suite, or of an ONNX file. */
const requireSameStart = (candidates: readonly CandidateRecord[]): void => {
  const trained = candidates.find(({ init }) => init !== undefined);
  const random = candidates.find(({ init }) => init === undefined);
  if (trained === undefined || random === undefined) return;
  throw new UserError(
    `${trained.name} starts from the weights of a file and ${random.name} from random ones: that compares weights, not networks.`,
    'Give every candidate weights to start from, or none.',
  );
};

export interface PlanSettings {
  readonly trainThreads?: number;
  /** What was measured for a budget of latency, by candidate. */
  readonly budgets?: ReadonlyMap<string, BudgetMatch>;
}

/**
 * Every candidate with its knob turned to the budget and its costs, and every candidate x seed as a trial; seeds are the outer loop,
 * so that an interrupted run has compared something. Throws UserError where a candidate cannot be built or meet the budget, the recipe
 * does not fit the data, or the engine does not do what it asks for.
 */
export const planSuite = (
  { suite, source, imagenet }: LoadedSuite,
  dataset: Dataset,
  { engine, version, device }: ResolvedEngine,
  { trainThreads = 1, budgets = new Map() }: PlanSettings = {},
): Plan => {
  requireEngineFor(engine, suite.recipe);
  requireFewTrials(suite);
  if (suite.int8 !== undefined) {
    requireCalibrationImages(suite.int8.images, trainCount(dataset, suite.data.trainImages));
  }
  requireThreads(engine, Math.max(trainThreads, suite.latency.threads));
  const { size, fit } = suite.data;
  requireCrop(dataset, suite.recipe.augmentation);
  requireFit(dataset, size, fit);
  requireTrainable(suite, trainCount(dataset, suite.data.trainImages));
  const site = siteOf(suite, dataset);
  const candidates = candidatesOf(suite, site, budgets);
  requireSameStart(candidates);
  const conditions: Conditions = {
    dataset: {
      id: dataset.id,
      contentHash: dataset.contentHash,
      trainImages: trainCount(dataset, suite.data.trainImages),
      validationImages: dataset.splits.validation.count,
      testImages: dataset.splits.test.count,
      classes: dataset.classes.length,
      ...(dataset.decoding === undefined ? {} : { decoding: dataset.decoding }),
    },
    input: [...site.input],
    ...(fit === undefined || fit === 'pad' ? {} : { fit }),
    recipe: suite.recipe,
    engine: { id: engine.id, version, device },
    trainThreads,
    ...(suite.tuning === undefined ? {} : { tuning: tuningOf(suite.tuning, suite.recipe.epochs) }),
    ...(suite.int8 === undefined ? {} : { int8: suite.int8 }),
  };
  const seeds = Array.from({ length: suite.seeds }, (_, seed) => seed);
  const trials = seeds.flatMap((seed) => candidates.map((candidate) => trialOf(candidate, conditions, seed)));
  const { id, latency, thresholds } = suite;
  const decided: DecidedPlan = { suite: id, conditions, candidates, latency, thresholds };
  return {
    schema: SCHEMA_VERSION,
    title: suite.title,
    question: suite.question,
    source,
    planKey: planKeyOf(decided),
    claims: [...suite.claims],
    ...decided,
    data: {
      ...(suite.data.path === undefined ? {} : { path: suite.data.path }),
      mean: [...dataset.mean],
      deviation: [...dataset.deviation],
    },
    ...(conditions.tuning === undefined ? {} : { tries: triesOf(candidates, conditions) }),
    trials,
    ...(imagenet === null || imagenet.budget?.[0]?.metric === 'latency'
      ? {}
      : { candidatesAt224: candidatesOf(imagenet, IMAGENET_SITE).map(withoutPatterns) }),
  };
};

/** Of the tries of learning rates. Seeds of trials are never negative, so that no trial meets the random numbers that chose its rate. */
const TUNING_SEED = -1;

const tuningOf = (
  { learningRates, epochs }: NonNullable<Suite['tuning']>,
  recipeEpochs: number,
): Conditions['tuning'] => ({
  learningRates: learningRates.toSorted((a, b) => a - b),
  epochs: epochs ?? recipeEpochs,
  seed: TUNING_SEED,
});

/** The same tries for every candidate. */
const triesOf = (candidates: readonly CandidateRecord[], conditions: Conditions): Plan['tries'] =>
  conditions.tuning?.learningRates.flatMap((learningRate) =>
    candidates.map(({ name, fingerprint }) => ({
      key: contentKey({ name, fingerprint, conditions, learningRate }),
      candidate: name,
      learningRate,
    })),
  );

const candidatesOf = (
  suite: Suite,
  site: CandidateSite,
  budgets: PlanSettings['budgets'] = new Map(),
): CandidateRecord[] =>
  suite.candidates.map((candidate) => planCandidate(suite, candidate, site, budgets.get(candidate.name)));

/** At a scale where nothing is trained only the costs are read. */
const withoutPatterns = ({ channelOperators: _, ...candidate }: CandidateRecord): CandidateRecord =>
  candidate;

const IMAGENET_SITE: CandidateSite = { input: [3, 224, 224], classes: 1000 };

/** The same plan with more seeds for some candidates: `seeds` by name, where that is more than they have. */
export const withSeeds = (plan: Plan, seeds: ReadonlyMap<string, number>): Plan => {
  const most = Math.max(0, ...seeds.values());
  const known = new Set(plan.trials.map(({ key }) => key));
  const added = Array.from({ length: most }, (_, seed) =>
    plan.candidates
      .filter(({ name }) => seed < (seeds.get(name) ?? 0))
      .map((candidate) => trialOf(candidate, plan.conditions, seed)),
  );
  return { ...plan, trials: [...plan.trials, ...added.flat().filter(({ key }) => !known.has(key))] };
};

/**
 * The same suite with what the command line asks for instead. Throws UserError where that is nothing a suite may say, or the pattern is
 * none or fits no candidate.
 */
export const overrideSuite = (suite: Suite, { seeds, epochs, tune, budget, only }: SuiteOverrides): Suite => {
  const candidates = only === undefined ? suite.candidates : candidatesLike(suite, only);
  if (budget !== undefined) requireKnob(suite.id, candidates);
  return checkSuite(
    {
      ...suite,
      ...(seeds === undefined ? {} : { seeds }),
      ...(epochs === undefined ? {} : { recipe: { ...suite.recipe, epochs } }),
      ...(tune === undefined ? {} : { tuning: { ...suite.tuning, learningRates: [...tune] } }),
      ...(budget === undefined
        ? {}
        : { budget: budget.map((one) => ({ ...one, tolerance: toleranceFor(one.metric, suite) })) }),
      candidates,
    },
    `${suite.id} with these changes`,
  );
};

const requireKnob = (id: string, candidates: Suite['candidates']): void => {
  if (candidates.some(({ knob }) => knob !== undefined)) return;
  throw new UserError(
    `A budget would change nothing: no candidate of ${id} has a knob.`,
    "Give candidates a knob in the suite, for example knob: { option: 'expansion', values: steps(0.5, 8, 0.125) }, or plan without a budget.",
  );
};

/** What the suite's own budget allows for the metric; one for counted costs says nothing about measured ones. */
const toleranceFor = (metric: Budget['metric'], { budget }: Suite): number => {
  const isSameKind = (one: Budget): boolean => (one.metric === 'latency') === (metric === 'latency');
  const own = budget?.find((one) => one.metric === metric) ?? budget?.find(isSameKind);
  return own?.tolerance ?? DEFAULT_TOLERANCE[metric];
};

/** What may be decided in place of the suite. */
export interface SuiteOverrides {
  readonly seeds?: number;
  readonly epochs?: number;
  /** Learning rates to choose from. */
  readonly tune?: readonly number[];
  /** In place of the suite's: one metric, or two counted ones. */
  readonly budget?: readonly Pick<Budget, 'metric' | 'target'>[];
  /** A regular expression for the names of candidates. */
  readonly only?: string;
}

const candidatesLike = ({ id, candidates }: Suite, only: string): Suite['candidates'] => {
  const names = candidates.map(({ name }) => name);
  const pattern = toPattern(only);
  const chosen = candidates.filter(({ name }) => pattern.test(name));
  if (chosen.length > 0) return chosen;
  throw new UserError(
    `"${only}" matches no candidate of ${id}.`,
    didYouMean(only, withWords(names), `Candidates: ${names.join(', ')}.`),
  );
};

const trialOf = ({ name, fingerprint }: CandidateRecord, conditions: Conditions, seed: number) => ({
  key: contentKey({ name, fingerprint, conditions, seed }),
  candidate: name,
  seed,
});
