/** When a latency measurement has told enough. */
import { judgeFamily } from '../stats/family.js';
import { logContrast, type Rounds, roundsInference } from '../stats/rounds.js';

/**
 * Looking at a measurement again and again until it pleases finds differences that are none. At so small a chance of error an early
 * look hardly adds to that of the last (Haybittle 1971; Peto et al. 1976).
 */
const EARLY_ALPHA = 0.001;

/**
 * Whether every pair is already decided, by far: they differ by more than the threshold, or by less, and the reference against
 * itself by less. `threshold` is a ratio - 1. To be asked after every session.
 */
export const isDecidedEarly =
  (threshold: number) =>
  (contenders: readonly Rounds[], control: Rounds): boolean => {
    const [reference] = contenders;
    if (!reference) return true;
    const limits = { within: Math.log1p(threshold), beyond: Math.log1p(threshold) };
    const compare = (one: Rounds, other: Rounds) => ({
      inference: roundsInference(
        logContrast([
          { weight: 1, rounds: one },
          { weight: -1, rounds: other },
        ]),
      ),
      limits,
      direction: 'lower-is-better' as const,
    });
    const pairs = contenders.flatMap((one, i) => contenders.slice(i + 1).map((other) => compare(one, other)));
    const [itself, ...others] = judgeFamily([compare(control, reference), ...pairs], EARLY_ALPHA);
    return itself?.state === 'tie' && others.every(({ state }) => state !== 'undecided');
  };
