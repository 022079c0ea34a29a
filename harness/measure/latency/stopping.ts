/** When a latency measurement has told enough. */
import { judgeFamily } from '../../stats/family.js';
import { earlyLooks, isEarlyLook, lookLevels } from '../../stats/looks.js';
import { logContrast, type Rounds, roundsInference } from '../../stats/rounds.js';

/**
 * Whether every pair is already decided, by far: they differ by more than the threshold, or by less, and the reference against
 * itself by less. `threshold` is a ratio - 1, `sessions` the most there may be. To be asked after every session; each time it may say
 * yes spends its share of the level.
 */
export const isDecidedEarly = (threshold: number, sessions: number) => {
  const limits = { within: Math.log1p(threshold), beyond: Math.log1p(threshold) };
  const { early } = lookLevels(earlyLooks(sessions));
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
  return (contenders: readonly Rounds[], control: Rounds): boolean => {
    const [reference] = contenders;
    if (!reference || !isEarlyLook(control.length, sessions)) return false;
    const pairs = contenders.flatMap((one, i) => contenders.slice(i + 1).map((other) => compare(one, other)));
    const [itself, ...others] = judgeFamily([compare(control, reference), ...pairs], early);
    return itself?.state === 'tie' && others.every(({ state }) => state !== 'undecided');
  };
};
