/** Whether runs that are shown together were made under the same conditions. */
import type { Run } from '../../../results/run/run.js';
import { type RunDifferences, runDifferences } from './comparable.js';

/** Two of several runs, by their place among them from 0. */
export interface RunPair extends RunDifferences {
  readonly runs: readonly [one: number, other: number];
}

/** Every two of the runs once. */
export const runPairs = (runs: readonly Run[]): readonly RunPair[] =>
  runs.flatMap((one, i) =>
    runs.slice(i + 1).map((other, k) => ({ runs: [i, i + 1 + k] as const, ...runDifferences(one, other) })),
  );
