/** Top-1 accuracy as evidence: per-image correctness, paired by seed and image. */
import type { Run } from '../../results/record.js';
import { crossedInference } from '../stats/crossed.js';
import type { Inference } from '../stats/inference.js';
import { unitsNeeded } from '../stats/needed.js';
import { UserError } from '../user-error.js';
import type { Evidence } from './evidence.js';

/** By candidate and seed, one value an image: 1 where it was classified right. */
export type Correctness = ReadonlyMap<string, ReadonlyMap<number, Uint8Array>>;

/** Fewer tell too little of the variance between seeds. */
export const RECOMMENDED_SEEDS = 3;

const MOST_SEEDS = 100;

/** Of all trials that are done. Throws UserError where a trial has not one bit an image. */
export const correctnessOf = ({ plan, trials }: Run): Correctness => {
  const correct = new Map<string, Map<number, Uint8Array>>(
    plan.candidates.map(({ name }) => [name, new Map()]),
  );
  for (const trial of trials) {
    if (trial.state !== 'done') continue;
    const bits = unpackBits(trial.result.testCorrect, plan.conditions.dataset.testImages, trial.key);
    correct.get(trial.candidate)?.set(trial.seed, bits);
  }
  return correct;
};

export const accuracyEvidence = (correct: Correctness, threshold: number, alpha: number): Evidence => ({
  metric: 'top1',
  alpha,
  direction: 'higher-is-better',
  contrast: (weights) => {
    const parts = [...weights].map(([candidate, weight]) => ({
      weight,
      rows: correct.get(candidate) ?? new Map(),
    }));
    const seeds = sharedSeeds(parts.map(({ rows }) => rows));
    return seeds.length === 0 ? null : crossedInference(seeds.map((seed) => weighRows(parts, seed)));
  },
  limits: { within: threshold, beyond: threshold },
  shown: (share) => share,
  needed: (inference, alpha) => {
    const count = seedsNeeded(inference, threshold, alpha);
    return count === null ? null : { unit: 'seeds', count };
  },
});

/** Seeds that all of these have been trained with, in order. */
export const sharedSeeds = (rows: readonly ReadonlyMap<number, Uint8Array>[]): readonly number[] => {
  const [first, ...others] = rows;
  const shared = [...(first?.keys() ?? [])].filter((seed) => others.every((other) => other.has(seed)));
  return shared.sort((a, b) => a - b);
};

const seedsNeeded = (inference: Inference, threshold: number, alpha: number): number | null =>
  inference.units === 1 ? RECOMMENDED_SEEDS : unitsNeeded(inference, { threshold, alpha, limit: MOST_SEEDS });

interface Part {
  readonly weight: number;
  readonly rows: ReadonlyMap<number, Uint8Array>;
}

const weighRows = (parts: readonly Part[], seed: number): Float64Array => {
  const sum = new Float64Array(parts[0]?.rows.get(seed)?.length ?? 0);
  for (const { weight, rows } of parts) {
    const row = rows.get(seed) ?? new Uint8Array();
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + weight * (row[i] ?? 0);
  }
  return sum;
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
  return Uint8Array.from({ length: images }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1);
};
