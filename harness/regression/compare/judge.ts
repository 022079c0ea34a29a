/** Verdicts on entries that were measured on both sides, as one family. Pure. */
import { difference, type Evidence, judge, showEffect } from '../../analysis/evidence/evidence.js';
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
  const verdicts = new Map<string, EntryVerdict | null>(entries.map(({ name }) => [name, null]));
  const known = entries.flatMap(({ name, before, after }) => {
    const inference = evidence.contrast(difference(after, before));
    return inference === null ? [] : [{ name, inference }];
  });
  const judgements = judge(
    evidence,
    known.map(({ inference }) => inference),
  );
  for (const [i, { name }] of known.entries()) {
    const judgement = judgements[i];
    if (!judgement) continue;
    const { effect, interval, threshold, verdict } = showEffect(evidence, judgement);
    const needed = verdict.state === 'undecided' ? verdict.needed : null;
    verdicts.set(name, { name, state: verdict.state, effect, interval: [...interval], threshold, needed });
  }
  return verdicts;
};
