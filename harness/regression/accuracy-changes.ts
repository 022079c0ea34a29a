/** Accuracies of two runs, paired by seed and test image. Pure. */
import type { BaselineAccuracy } from '../../results/baseline.js';
import { accuracyEvidence, type Correctness, sharedSeeds, unpackBits } from '../analysis/accuracy.js';
import { DEFAULT_THRESHOLDS } from '../analysis/analyse.js';
import { conditionDifferences } from '../analysis/comparable.js';
import { ALPHA } from '../stats/inference.js';
import { mean } from '../stats/sample.js';
import type { MeasuredComparison, MeasuredEntry } from './comparison.js';
import { judgeEntries } from './judge.js';
import type { Snapshot } from './snapshot.js';

type Trained = Pick<Snapshot, 'name' | 'accuracy' | 'entries'>;

/** Throws UserError where a trial has not one bit a test image. */
export const compareAccuracy = (baseline: Trained, current: Trained): MeasuredComparison => {
  if (baseline.accuracy === null) return untrained(baseline);
  if (current.accuracy === null) return untrained(current);
  const differences = conditionDifferences(baseline.accuracy.conditions, current.accuracy.conditions);
  if (differences.length > 0) return { state: 'not-comparable', reasons: [...differences] };
  const before = correctnessOf(baseline.accuracy);
  const after = correctnessOf(current.accuracy);
  const correct: Correctness = new Map([
    ...[...before].map(([name, rows]) => [`before ${name}`, rows] as const),
    ...[...after].map(([name, rows]) => [`after ${name}`, rows] as const),
  ]);
  const evidence = accuracyEvidence(correct, DEFAULT_THRESHOLDS.top1, ALPHA);
  const names = current.entries
    .map(({ name }) => name)
    .filter((name) => baseline.entries.some((entry) => entry.name === name));
  const judged = judgeEntries(
    evidence,
    names.map((name) => ({ name, before: `before ${name}`, after: `after ${name}` })),
  );
  return {
    state: 'compared',
    entries: names.map((name): MeasuredEntry => {
      const judgement = judged.get(name);
      const rows = [before.get(name) ?? new Map(), after.get(name) ?? new Map()] as const;
      const seeds = sharedSeeds(rows);
      if (!judgement) {
        return { name, state: 'not-comparable', reason: 'both sides have no trained seed in common' };
      }
      const [was, is] = rows.map((side) => mean(seeds.flatMap((seed) => mean(side.get(seed) ?? []))));
      return { ...judgement, before: was ?? 0, after: is ?? 0, stored: null };
    }),
    noiseFloor: null,
    notes: [],
  };
};

const untrained = ({ name }: Trained): MeasuredComparison => ({
  state: 'not-comparable',
  reasons: [`${name} holds no trained trials`],
});

const correctnessOf = ({ conditions, trials }: BaselineAccuracy): Correctness => {
  const correct = new Map<string, Map<number, Uint8Array>>();
  for (const { candidate, seed, testCorrect } of trials) {
    const rows = correct.get(candidate) ?? new Map<number, Uint8Array>();
    correct.set(candidate, rows);
    rows.set(seed, unpackBits(testCorrect, conditions.dataset.testImages, `${candidate}, seed ${seed},`));
  }
  return correct;
};
