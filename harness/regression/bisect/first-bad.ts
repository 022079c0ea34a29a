/** Binary search for the commit that made something worse. Pure: what a commit is like, the caller tells. */

/** Skipped: nothing could be built of it. Undecided: it was measured, and may be good or bad. */
export type CommitState = 'good' | 'bad' | 'skipped' | 'undecided';

export interface Boundary {
  /** The last that is known to be good; null where that is the one before all of them. */
  readonly lastGood: string | null;
  readonly firstBad: string;
  /** Those between the two, of which none could be told; empty where the first bad one is certain. */
  readonly between: readonly string[];
}

/**
 * Where commits turn bad, with a logarithmic number of calls. `commits` come the oldest first; the one before them is good, and the last
 * is bad. Where one cannot be told, its neighbours are asked instead.
 */
export const findFirstBad = async (
  commits: readonly [string, ...string[]],
  stateOf: (commit: string) => Promise<CommitState>,
): Promise<Boundary> => {
  const untold = new Set<string>();
  let lastGood: string | null = null;
  let firstBad = commits[commits.length - 1] ?? commits[0];
  let between: readonly string[] = commits.slice(0, -1);
  for (let next = middleOf(between, untold); next !== null; next = middleOf(between, untold)) {
    const place = between.indexOf(next);
    switch (await stateOf(next)) {
      case 'good':
        lastGood = next;
        between = between.slice(place + 1);
        break;
      case 'bad':
        firstBad = next;
        between = between.slice(0, place);
        break;
      case 'skipped':
      case 'undecided':
        untold.add(next);
    }
  }
  return { lastGood, firstBad, between };
};

/** The one nearest to the middle that may be told; null where there is none. */
const middleOf = (commits: readonly string[], untold: ReadonlySet<string>): string | null => {
  const middle = (commits.length - 1) / 2;
  const [nearest] = commits
    .map((commit, place) => ({ commit, distance: Math.abs(place - middle) }))
    .filter(({ commit }) => !untold.has(commit))
    .toSorted((one, other) => one.distance - other.distance);
  return nearest?.commit ?? null;
};
