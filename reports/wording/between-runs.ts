/** What runs that are shown together have to do with each other, one sentence for every two. */
import { type RunPair, runPairs } from '../../harness/analysis/comparable/between-runs.js';
import type { Run } from '../../results/run/run.js';
import { plainText } from '../text/text.js';
import { listed } from '../text/words.js';

/** What holds of all runs; said before the sentences. */
export const APART =
  'Each run is a separate comparison: candidates of different runs are not ranked against each other.';

/** Runs are named by their number from 1. */
export const betweenRuns = (runs: readonly Run[]): readonly string[] => runPairs(runs).map(sentence);

const sentence = ({ runs, all, latency }: RunPair): string => {
  const both = `Runs ${listed(runs.map((index) => String(index + 1)))}`;
  const named = (differences: readonly string[]) => plainText(differences.join('; '));
  if (all.length > 0) {
    const more = latency.length === 0 ? '' : ` Their latencies also differ in: ${named(latency)}.`;
    return `${both} are not comparable; they differ in: ${named(all)}.${more}`;
  }
  const times =
    latency.length === 0
      ? 'their latencies were measured at different times'
      : `their latencies are not comparable: ${named(latency)}`;
  return `${both} share all other conditions, but ${times}. To compare their candidates, put them in one suite.`;
};
