/** What runs that are shown together have to do with each other, one sentence for every two. */
import { type RunPair, runPairs } from '../harness/analysis/between-runs.js';
import type { Run } from '../results/record.js';
import { listed, plainText } from './text.js';

/** What holds of all runs; said before the sentences. */
export const APART =
  'Every run is a comparison of its own: nothing of one is ranked against anything of another.';

/** Runs are named by their number from 1. */
export const betweenRuns = (runs: readonly Run[]): readonly string[] => runPairs(runs).map(sentence);

const sentence = ({ runs, all, latency }: RunPair): string => {
  const both = `Runs ${listed(runs.map((index) => String(index + 1)))}`;
  const named = (differences: readonly string[]) => plainText(differences.join('; '));
  if (all.length > 0) {
    const more = latency.length === 0 ? '' : ` Of latency also: ${named(latency)}.`;
    return `${both} are not comparable, for these differ: ${named(all)}.${more}`;
  }
  const times =
    latency.length === 0
      ? 'their latencies are of different times'
      : `their latencies are not comparable: ${named(latency)}`;
  return `${both} were made under equal conditions, but ${times}; to compare their candidates, put them into one suite.`;
};
