/** Verdicts on entries that were measured on both sides, as one family. Pure. */
import { difference, type Evidence, judge, showEffect } from '../analysis/evidence.js';
import type { EntryVerdict } from './comparison.js';

/** What one entry is called in the evidence. */
export interface Sides {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** Null for an entry whose sides share nothing that was measured. */
export const judgeEntries = (
  evidence: Evidence,
  entries: readonly Sides[],
): ReadonlyMap<string, EntryVerdict | null> => {
  const known = entries.map(({ name, before, after }) => ({
    name,
    inference: evidence.contrast(difference(after, before)),
  }));
  const judgements = judge(
    evidence,
    known.flatMap(({ inference }) => inference ?? []),
  );
  return new Map(
    known.map(({ name, inference }): [string, EntryVerdict | null] => {
      const judgement = judgements.find((one) => one.difference.inference === inference);
      if (!judgement) return [name, null];
      const { effect, interval, threshold, verdict } = showEffect(evidence, judgement);
      const needed = verdict.state === 'undecided' ? verdict.needed : null;
      return [name, { name, state: verdict.state, effect, interval: [...interval], threshold, needed }];
    }),
  );
};
