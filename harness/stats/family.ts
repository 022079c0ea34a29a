/** Verdicts on several differences that are shown together. */
import { ALPHA, type Inference, type Interval } from './inference.js';
import { type Direction, type Limits, type VerdictState, verdictOf } from './verdict.js';

export interface Difference {
  readonly inference: Inference;
  readonly limits: Limits;
  readonly direction: Direction;
}

export interface Judgement {
  readonly difference: Difference;
  readonly state: VerdictState;
  /** The level at which the verdict was reached, and of the interval. */
  readonly alpha: number;
  readonly interval: Interval;
}

/**
 * The verdict on every member of a family, and the interval that it is read from. Holm's step-down procedure (1979) runs twice, once
 * for each kind of statement: that two differ (`better`, `worse`), and that they are a `tie`. The
 * chance of any false one of a kind is at most alpha.
 *
 * A step judges everyone undecided at alpha / (number undecided), and ends when it decides no one. A member is shown with the
 * interval of the step that decided it; if none did, with the wider of the two last steps. So the verdict can always be read from
 * the interval. A member with one unit stays undecided: its interval lacks the variance between units.
 */
export const judgeFamily = (members: readonly Difference[], alpha = ALPHA): readonly Judgement[] => {
  const stateAt = ({ inference, limits, direction }: Difference, level: number): VerdictState =>
    inference.predict === null ? 'undecided' : verdictOf(inference.interval(level), limits, direction);
  const differ = stepDown(members, alpha, (member, level) =>
    ['better', 'worse'].includes(stateAt(member, level)),
  );
  const tie = stepDown(members, alpha, (member, level) => stateAt(member, level) === 'tie');
  return members.map((member) => {
    const level =
      differ.decided.get(member) ?? tie.decided.get(member) ?? Math.min(differ.lastLevel, tie.lastLevel);
    return {
      difference: member,
      state: stateAt(member, level),
      alpha: level,
      interval: member.inference.interval(level),
    };
  });
};

const stepDown = <M>(
  members: readonly M[],
  alpha: number,
  decides: (member: M, level: number) => boolean,
) => {
  const decided = new Map<M, number>();
  let remaining = members;
  let lastLevel = alpha;
  while (remaining.length > 0) {
    const level = alpha / remaining.length;
    lastLevel = level;
    const settled = remaining.filter((member) => decides(member, level));
    if (settled.length === 0) break;
    for (const member of settled) decided.set(member, level);
    remaining = remaining.filter((member) => !decided.has(member));
  }
  return { decided, lastLevel };
};
