/** Accuracies of two runs on the same test images, in one model. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { BaselineAccuracy } from '../../../results/baseline.js';
import { differencesOf, floatConditions } from '../../analysis/comparable/comparable.js';
import {
  accuraciesOf,
  type Correctness,
  judgeAccuracies,
  placed,
  unpackBits,
} from '../../analysis/evidence/accuracy.js';
import { difference } from '../../analysis/evidence/evidence.js';
import type { CorrectBySeed } from '../../stats/accuracy/correctness.js';
import { ALPHA } from '../../stats/inference.js';
import { mean } from '../../stats/sample.js';
import type { Snapshot, SnapshotEntry } from '../snapshot/snapshot.js';
import type { EntryVerdict, MeasuredComparison, MeasuredEntry } from './comparison.js';

interface Trained extends Pick<Snapshot, 'name' | 'accuracy' | 'thresholds'> {
  readonly entries: readonly Pick<SnapshotEntry, 'name' | 'failed'>[];
}

/** Throws UserError where a trial has not one bit a test image. */
export const compareAccuracy = (baseline: Trained, current: Trained): MeasuredComparison => {
  if (baseline.accuracy === null) return untrained(baseline);
  if (current.accuracy === null) return untrained(current);
  const differences = differencesOf(
    floatConditions(baseline.accuracy.conditions),
    floatConditions(current.accuracy.conditions),
  );
  if (differences.length > 0) return { state: 'not-comparable', reasons: [...differences] };
  const before = correctnessOf(baseline.name, baseline.accuracy);
  const after = correctnessOf(current.name, current.accuracy);
  const pairs = current.entries.flatMap(({ name, failed }): Pair[] =>
    baseline.entries.some((entry) => entry.name === name)
      ? [
          {
            name,
            before: before.get(name) ?? new Map(),
            after: after.get(name) ?? new Map(),
            failure: failed?.training ?? null,
          },
        ]
      : [],
  );
  const sides = { before: baseline.name, after: current.name };
  const verdicts = judge(pairs, baseline.thresholds.top1);
  return {
    state: 'compared',
    entries: pairs.map((pair) => entryOf(pair, sides, verdicts.get(pair.name) ?? null)),
    noiseFloor: null,
    notes: pairs.flatMap((pair) => unlikeSeeds(pair, sides)),
  };
};

/** What both are called. */
interface Sides {
  readonly before: string;
  readonly after: string;
}

interface Pair {
  readonly name: string;
  readonly before: CorrectBySeed;
  readonly after: CorrectBySeed;
  /** Why no seed is trained after. */
  readonly failure: string | null;
}

/** Every image classified alike by every shared seed: training repeats itself to the last bit, so that nothing has changed. */
const isIdentical = ({ before, after }: Pair): boolean => {
  const shared = [...before.keys()].filter((seed) => after.has(seed));
  return shared.length > 0 && shared.every((seed) => isDeepStrictEqual(before.get(seed), after.get(seed)));
};

/** Both sides of all entries are candidates of one model; entries that have not changed count once. */
const judge = (pairs: readonly Pair[], threshold: number): ReadonlyMap<string, EntryVerdict> => {
  const correct: Correctness = new Map(
    pairs.flatMap((pair) => [
      [beforeOf(pair), pair.before] as const,
      ...(isIdentical(pair) ? [] : [[afterOf(pair), pair.after] as const]),
    ]),
  );
  const accuracies = accuraciesOf({ looks: [correct], alpha: ALPHA, threshold }, [...correct.keys()]);
  if (accuracies === null) return new Map();
  const questions = pairs.flatMap((pair) => {
    const contrast = isIdentical(pair) ? null : placed(accuracies, difference(afterOf(pair), beforeOf(pair)));
    return contrast === null ? [] : [{ name: pair.name, contrast }];
  });
  const judged = judgeAccuracies(
    accuracies,
    questions.map(({ contrast }) => contrast),
  );
  return new Map(
    judged.map(({ effect, interval, verdict }, k): [string, EntryVerdict] => {
      const name = questions[k]?.name ?? '';
      const needed = verdict.state === 'undecided' ? verdict.needed : null;
      return [name, { name, state: verdict.state, effect, interval: [...interval], threshold, needed }];
    }),
  );
};

const beforeOf = ({ name }: Pair): string => `before ${name}`;

const afterOf = ({ name }: Pair): string => `after ${name}`;

const entryOf = (pair: Pair, sides: Sides, verdict: EntryVerdict | null): MeasuredEntry => {
  const { name, before, after, failure } = pair;
  if (isIdentical(pair)) return { name, state: 'identical' };
  if (before.size > 0 && failure !== null) {
    return { name, state: 'broken', reason: `all its trainings in ${sides.after} failed: ${failure}` };
  }
  if (!verdict) {
    const untrained = before.size === 0 ? sides.before : sides.after;
    return { name, state: 'not-comparable', reason: `${untrained} has no trained seed of it` };
  }
  return { ...verdict, before: top1(before), after: top1(after), stored: null };
};

/** A training that failed is no seed: who reads a verdict is told that it is of fewer. */
const unlikeSeeds = ({ name, before, after }: Pair, sides: Sides): readonly string[] =>
  before.size === 0 || after.size === 0 || before.size === after.size
    ? []
    : [`Trained seeds of ${name}: ${before.size} in ${sides.before}, ${after.size} in ${sides.after}.`];

const top1 = (bySeed: CorrectBySeed): number => mean([...bySeed.values()].map(mean));

const untrained = ({ name }: Trained): MeasuredComparison => ({
  state: 'not-comparable',
  reasons: [`${name} has no trained trials`],
});

const correctnessOf = (side: string, { conditions, trials }: BaselineAccuracy): Correctness => {
  const correct = new Map<string, Map<number, Uint8Array>>();
  for (const { candidate, seed, testCorrect } of trials) {
    const rows = correct.get(candidate) ?? new Map<number, Uint8Array>();
    correct.set(candidate, rows);
    const trial = `${candidate}, seed ${seed}, of ${side}`;
    rows.set(seed, unpackBits(testCorrect, conditions.dataset.testImages, trial));
  }
  return correct;
};
