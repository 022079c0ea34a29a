/**
 * What the method finds of latencies, on simulated data with known truth: how often a difference of a given size is decided, how often
 * intervals hold the truth, and how wide they are. For accuracies see verdicts.ts.
 *
 *   npx jiti benchmarks/power.ts [--simulations 400] [--pairs 1,15]
 */
import { parseArgs } from 'node:util';
import { ALPHA, type Inference } from '../harness/stats/inference.js';
import { logContrast, roundsInference } from '../harness/stats/rounds.js';
import { median } from '../harness/stats/sample.js';
import { type Direction, verdictOf } from '../harness/stats/verdict.js';
import { DEFAULT_THRESHOLDS } from '../results/plan/thresholds.js';
import { seededRandom } from '../tests/support/random.js';
import { normalSource, simulateRounds } from '../tests/support/simulation.js';

interface Condition {
  readonly truth: number;
  /** On the scale of the difference. */
  readonly threshold: number;
  /** The level is that of the first step of a family of so many. */
  readonly pairs: number;
  readonly direction: Direction;
  readonly draw: () => Inference;
}

/** Shares of simulations by verdict, of intervals that hold the truth, and the median width in percent. */
const describe = ({ truth, threshold, pairs, direction, draw }: Condition, simulations: number) => {
  const alpha = ALPHA / pairs;
  const intervals = Array.from({ length: simulations }, () => draw().interval(alpha));
  const states = intervals.map((interval) =>
    verdictOf(interval, { within: threshold, beyond: threshold }, direction),
  );
  const share = (wanted: string): string =>
    percent(states.filter((state) => state === wanted).length / simulations, 0);
  return {
    'true difference': percent(truth),
    pairs,
    better: share('better'),
    worse: share('worse'),
    tie: share('tie'),
    undecided: share('undecided'),
    'holds the truth': percent(
      intervals.filter(([low, high]) => low <= truth && truth <= high).length / simulations,
      1,
    ),
    'median width': percent(median(intervals.map(([low, high]) => high - low))),
  };
};

const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;

const SLOWDOWNS = [0, 0.01, 0.02, 0.03, 0.05];
const SESSION_SPREADS = [0.002, 0.005];
const SESSIONS = [3, 5, 8, 12];
const ROUNDS_PER_SESSION = 10;

const latencyTable = (simulations: number, families: readonly number[]) =>
  SESSION_SPREADS.flatMap((sessionSpread) =>
    SESSIONS.flatMap((sessions) =>
      SLOWDOWNS.flatMap((slowdown) =>
        families.map((pairs) => {
          const [normal, uniform] = [normalSource(sessions), seededRandom(-sessions)];
          const truth = Math.log1p(slowdown);
          const draw = (): Inference => {
            const model = { sessions, sessionSpread, rounds: ROUNDS_PER_SESSION };
            const [reference = [], candidate = []] = simulateRounds(
              normal,
              uniform,
              [1, 1 + slowdown],
              model,
            );
            return roundsInference(
              logContrast([
                { weight: 1, rounds: candidate },
                { weight: -1, rounds: reference },
              ]),
            );
          };
          const threshold = Math.log1p(DEFAULT_THRESHOLDS.latency);
          const condition: Condition = { truth, threshold, pairs, direction: 'lower-is-better', draw };
          return {
            'session spread': percent(sessionSpread, 1),
            sessions,
            ...describe(condition, simulations),
          };
        }),
      ),
    ),
  );

const { values } = parseArgs({
  options: {
    simulations: { type: 'string', default: '400' },
    pairs: { type: 'string', default: '1,15' },
  },
});
const families = values.pairs.split(',').map(Number);
console.log(
  `Latency (log ratio), ${ROUNDS_PER_SESSION} rounds a session, threshold ${percent(DEFAULT_THRESHOLDS.latency, 0)}:`,
);
console.table(latencyTable(Number(values.simulations), families));
