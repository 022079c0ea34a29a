/**
 * Whether two runs of one suite by two engines reach the same accuracies: the verdict on every candidate, as `compare` gives it for two
 * runs by one engine. It exits with 1 where one is decided.
 *
 *   npx jiti benchmarks/engine-accuracy.ts RUN RUN
 */
import { loadRun } from '../results/run/load-run.js';
import type { Run } from '../results/run/run.js';
import { engineAccuracies } from '../tests/support/engine-accuracies.js';

const engineOf = ({ plan: { conditions } }: Run): string =>
  `${conditions.engine.id} ${conditions.engine.version}, ${conditions.engine.device}`;

const points = (share: number): string => (100 * share).toFixed(2);

const [first = '', second = ''] = process.argv.slice(2);
const [one, other] = await Promise.all([loadRun(first), loadRun(second)]);
const entries = engineAccuracies(one, other);
console.table(
  entries.map((entry) =>
    'interval' in entry
      ? {
          candidate: entry.name,
          [`${engineOf(one)}, top-1 %`]: points(entry.before),
          [`${engineOf(other)}, top-1 %`]: points(entry.after),
          'difference, points': points(entry.effect),
          interval: entry.interval.map(points).join(' to '),
          verdict: entry.state,
        }
      : { candidate: entry.name, verdict: entry.state },
  ),
);
if (entries.some(({ state }) => state === 'better' || state === 'worse')) process.exitCode = 1;
