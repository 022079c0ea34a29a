/** Top-1 accuracies of candidates that were tested on the same images, known together at every look. */

import type { Plan } from '../../../results/plan/plan.js';
import { DEFAULT_THRESHOLDS } from '../../../results/plan/thresholds.js';
import type { Run } from '../../../results/run/run.js';
import type { TrialResult } from '../../../results/training/trial.js';
import { type Contrast, contrastFamily } from '../../stats/accuracy/contrasts.js';
import type { CorrectBySeed, PerImage } from '../../stats/accuracy/correctness.js';
import { decideOverLooks, isDecidable, lookAlpha } from '../../stats/accuracy/looks.js';
import { type AccuracyPosterior, accuracyPosterior } from '../../stats/accuracy/posterior.js';
import { type FamilyLevel, seedsNeeded } from '../../stats/accuracy/prediction.js';
import { ALPHA } from '../../stats/inference.js';
import { UserError } from '../../user/user-error.js';
import type { Estimate, Needed } from '../analysis.js';
import type { ShownEffect, Weights } from './evidence.js';

/** By candidate and seed, one value an image: 1 where it was classified right, or what a change adds to that. */
export type Correctness = ReadonlyMap<string, CorrectBySeed>;

/** Fewer tell too little of the variance between seeds. */
export const RECOMMENDED_SEEDS = 3;

const MOST_SEEDS = 100;

/** Look by look, the trials that it saw, of all candidates. */
export interface Trained {
  /** The last is of all trials that are done. */
  readonly looks: readonly Correctness[];
  readonly alpha: number;
  readonly threshold: number;
}

/** What a trial tells of every image; null where it tells nothing of this kind. */
export type ReadImages = (result: TrialResult, images: number, key: string) => PerImage | null;

const correctInFloat: ReadImages = ({ testCorrect }, images, key) => unpackBits(testCorrect, images, key);

/** Throws UserError where a trial has not one bit an image. */
export const trainedOf = ({ plan, trials }: Run, read: ReadImages = correctInFloat): Trained => {
  const done = trials.flatMap((trial) => {
    if (trial.state !== 'done') return [];
    const correct = read(trial.result, plan.conditions.dataset.testImages, trial.key);
    return correct === null ? [] : [{ ...trial, correct }];
  });
  const looks = trialsBeforeLast(plan).map((seen) => done.filter(({ key }) => seen.has(key)));
  return {
    looks: [...looks, done].map((seen) => bySeed(plan, seen)),
    alpha: lookAlpha(plan.untilDecided !== undefined),
    threshold: (plan.thresholds ?? DEFAULT_THRESHOLDS).top1,
  };
};

/** By look but the last, the keys of the trials that it saw. Plans of earlier versions had two looks, and do not tell the first. */
const trialsBeforeLast = ({ trials, untilDecided }: Plan): readonly ReadonlySet<string>[] => {
  if (untilDecided === undefined) return [];
  const { firstSeeds, looks } = untilDecided;
  if (looks === undefined) {
    const first = trials.filter(({ seed }) => seed < firstSeeds);
    return first.length === trials.length ? [] : [new Set(first.map(({ key }) => key))];
  }
  return looks.map(({ trials: count, failed }) => {
    const without = new Set(failed);
    return new Set(trials.slice(0, count).flatMap(({ key }) => (without.has(key) ? [] : [key])));
  });
};

const bySeed = (
  { candidates }: Plan,
  trials: readonly { readonly candidate: string; readonly seed: number; readonly correct: PerImage }[],
): Correctness => {
  const correct = new Map<string, Map<number, PerImage>>(candidates.map(({ name }) => [name, new Map()]));
  for (const trial of trials) correct.get(trial.candidate)?.set(trial.seed, trial.correct);
  return correct;
};

export interface Accuracies {
  /** Those with a trial, by their place in the posteriors. */
  readonly places: ReadonlyMap<string, number>;
  /** By look. */
  readonly posteriors: readonly AccuracyPosterior[];
  /** Of all trials there are. */
  readonly last: AccuracyPosterior;
  readonly alpha: number;
  readonly threshold: number;
}

/**
 * Of the named candidates that have been trained, in one model; null where none has. A look that lacks one of them does not count: it
 * decided nothing about all.
 */
export const accuraciesOf = (
  { looks, alpha, threshold }: Trained,
  names: readonly string[],
): Accuracies | null => {
  const isTrained = (correct: Correctness | undefined, name: string): boolean =>
    (correct?.get(name)?.size ?? 0) > 0;
  const trained = names.filter((name) => isTrained(looks.at(-1), name));
  if (trained.length === 0) return null;
  const posteriors = looks
    .filter((correct) => trained.every((name) => isTrained(correct, name)))
    .map((correct) => accuracyPosterior(trained.map((name) => correct.get(name) ?? new Map())));
  const last = posteriors.at(-1);
  if (last === undefined) return null;
  return { places: new Map(trained.map((name, i) => [name, i])), posteriors, last, alpha, threshold };
};

/** The weights by place; null where one of the candidates has not been trained. */
export const placed = ({ places }: Accuracies, weights: Weights): Contrast | null => {
  const contrast: [number, number][] = [];
  for (const [candidate, weight] of weights) {
    const place = places.get(candidate);
    if (place === undefined) return null;
    contrast.push([place, weight]);
  }
  return contrast;
};

/** The mean over seeds, with a 95 % interval; null where it has not been trained. */
export const estimateTop1 = (accuracies: Accuracies, name: string): Estimate | null => {
  const contrast = placed(accuracies, new Map([[name, 1]]));
  if (contrast === null) return null;
  const [estimate] = contrastFamily(accuracies.last, [contrast], ALPHA).estimates;
  return estimate === undefined ? null : { value: estimate.value, interval: estimate.interval };
};

export interface JudgedAccuracy extends ShownEffect {
  /** Whether anything may be decided from its trials. */
  readonly isDecidable: boolean;
  /** From 1, the look that decided it; where there were several. */
  readonly decidedAtLook?: number;
}

/** Judges contrasts as the family that is shown together, in their order. */
export const judgeAccuracies = (
  { posteriors, last, alpha, threshold }: Accuracies,
  contrasts: readonly Contrast[],
): readonly JudgedAccuracy[] => {
  const decisions = decideOverLooks(posteriors, contrasts, { within: threshold, beyond: threshold }, alpha);
  const level = decisions.some(({ state }) => state === 'undecided')
    ? familyLevel(last, contrasts, alpha)
    : null;
  return decisions.map(({ state, value, interval, look }, k) => {
    const contrast = contrasts[k] ?? [];
    return {
      effect: value,
      interval,
      threshold,
      isDecidable: isDecidable(last, contrast),
      verdict:
        state === 'undecided'
          ? { state, needed: neededFor(last, { contrast, value, threshold }, level) }
          : { state },
      ...(state === 'undecided' || posteriors.length === 1 ? {} : { decidedAtLook: look + 1 }),
    };
  });
};

export const familyLevel = (
  posterior: AccuracyPosterior,
  contrasts: readonly Contrast[],
  alpha: number,
): FamilyLevel => ({
  alpha,
  members: contrasts.length,
  critical: contrastFamily(posterior, contrasts, alpha).critical,
});

const neededFor = (
  posterior: AccuracyPosterior,
  question: Parameters<typeof seedsNeeded>[1],
  level: FamilyLevel | null,
): Needed | null => {
  if (level === null) return null;
  if (!isDecidable(posterior, question.contrast)) {
    return { unit: 'seeds', count: RECOMMENDED_SEEDS, isLeast: true };
  }
  const count = seedsNeeded(posterior, question, level, MOST_SEEDS);
  return count === null ? null : { unit: 'seeds', count };
};

/** One value an image, first image in the lowest bit. Throws UserError where there is not one bit an image. */
export const unpackBits = (base64: string, images: number, trial: string): Uint8Array => {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== Math.ceil(images / 8)) {
    throw new UserError(
      `Trial ${trial} tells of ${8 * bytes.length} test images; the plan has ${images}.`,
      'Restore the run from a copy, or run the suite again.',
    );
  }
  const correct = new Uint8Array(images);
  for (let i = 0; i < images; i += 1) correct[i] = ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1;
  return correct;
};
