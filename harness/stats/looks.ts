/** How the chance of an error is divided where a measurement may end at an early look. */
import { ALPHA } from './inference.js';

/** Fewer sessions tell too little of their variance for a look to be worth its share. */
export const FIRST_LOOK = 3;

/** What the early looks may spend together: a fifth of the level. */
const EARLY_SHARE = 0.2;

export interface LookLevels {
  /** Of each early look. */
  readonly early: number;
  /** Of the look at all there is. */
  readonly last: number;
}

/** Early looks at a measurement of at most so many sessions: one after every session from the third on, but the last. */
export const earlyLooks = (sessions: number): number => Math.max(sessions - FIRST_LOOK, 0);

export const isEarlyLook = (done: number, sessions: number): boolean => done >= FIRST_LOOK && done < sessions;

/**
 * Looking again and again until it pleases finds differences that are none. So every look has a level of its own, and all together
 * add up to alpha, which bounds the chance of an error at any of them (Bonferroni). Early looks share a fifth, since one must be
 * convinced by far to stop (Haybittle 1971; Peto et al. 1976).
 */
export const lookLevels = (looks: number): LookLevels =>
  looks === 0
    ? { early: 0, last: ALPHA }
    : { early: (EARLY_SHARE * ALPHA) / looks, last: (1 - EARLY_SHARE) * ALPHA };
