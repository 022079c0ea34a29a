/** Accuracies of two runs, paired by seed and test image. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { BaselineAccuracy } from '../../results/baseline.js';
import { accuracyEvidence, type Correctness, sharedSeeds, unpackBits } from '../analysis/accuracy.js';
import { differencesOf } from '../analysis/comparable.js';
import { ALPHA } from '../stats/inference.js';
import { mean } from '../stats/sample.js';
import type { EntryVerdict, MeasuredComparison, MeasuredEntry } from './comparison.js';
import { judgeEntries } from './judge.js';
import type { Snapshot, SnapshotEntry } from './snapshot.js';

interface Trained extends Pick<Snapshot, 'name' | 'accuracy' | 'thresholds'> {
  readonly entries: readonly Pick<SnapshotEntry, 'name'>[];
}

/** Throws UserError where a trial has not one bit a test image. */
export const compareAccuracy = (baseline: Trained, current: Trained): MeasuredComparison => {
  if (baseline.accuracy === null) return untrained(baseline);
  if (current.accuracy === null) return untrained(current);
  const differences = differencesOf(baseline.accuracy.conditions, current.accuracy.conditions);
  if (differences.length > 0) return { state: 'not-comparable', reasons: [...differences] };
  const before = correctnessOf(baseline.accuracy);
  const after = correctnessOf(current.accuracy);
  const correct: Correctness = new Map([
    ...[...before].map(([name, rows]) => [`before ${name}`, rows] as const),
    ...[...after].map(([name, rows]) => [`after ${name}`, rows] as const),
  ]);
  const pairs = current.entries.flatMap(({ name }): Pair[] => {
    if (!baseline.entries.some((entry) => entry.name === name)) return [];
    const rows = [before.get(name) ?? new Map(), after.get(name) ?? new Map()] as const;
    return [{ name, rows, seeds: sharedSeeds(rows) }];
  });
  const judged = judgeEntries(
    accuracyEvidence(correct, baseline.thresholds.top1, ALPHA),
    pairs
      .filter((pair) => !isIdentical(pair))
      .map(({ name }) => ({ name, before: `before ${name}`, after: `after ${name}` })),
  );
  return {
    state: 'compared',
    entries: pairs.map((pair) => entryOf(pair, judged.get(pair.name) ?? null)),
    noiseFloor: null,
    notes: [],
  };
};

interface Pair {
  readonly name: string;
  /** By seed, before and after. */
  readonly rows: readonly [ReadonlyMap<number, Uint8Array>, ReadonlyMap<number, Uint8Array>];
  /** Trained on both sides. */
  readonly seeds: readonly number[];
}

/** Every image classified alike by every shared seed: training repeats itself to the last bit, so that nothing has changed. */
const isIdentical = ({ rows: [before, after], seeds }: Pair): boolean =>
  seeds.length > 0 && seeds.every((seed) => isDeepStrictEqual(before.get(seed), after.get(seed)));

const entryOf = (pair: Pair, judgement: EntryVerdict | null): MeasuredEntry => {
  const { name, rows, seeds } = pair;
  if (isIdentical(pair)) return { name, state: 'identical' };
  if (!judgement) {
    return { name, state: 'not-comparable', reason: 'both sides have no trained seed in common' };
  }
  const top1 = (side: ReadonlyMap<number, Uint8Array>): number =>
    mean(seeds.map((seed) => mean(side.get(seed) ?? [])));
  return { ...judgement, before: top1(rows[0]), after: top1(rows[1]), stored: null };
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
