/** Why a training did not end, as far as a program can tell, and what it said last. */
import { z } from 'zod';

/**
 * Why a training did not end: `error` is what it said itself, and would say again; `diverged`, a loss that was not finite; `crashed`, that its
 * process ended by itself without a word; `killed`, that somebody else, often the system, ended it.
 */
export type FailureCause =
  | 'error'
  | 'diverged'
  | 'crashed'
  | 'killed'
  | 'out-of-memory'
  | 'time-limit'
  | 'memory-limit'
  | 'disk-full';

/** What can be otherwise at the next attempt. Of what a training says itself, and of its own hunger, that cannot be hoped. */
const CAN_PASS: Readonly<Record<FailureCause, boolean>> = {
  error: false,
  diverged: false,
  crashed: true,
  killed: true,
  'out-of-memory': true,
  'time-limit': true,
  'memory-limit': false,
  'disk-full': false,
};

export const canPass = (cause: FailureCause): boolean => CAN_PASS[cause];

export const failureCauseSchema: z.ZodType<FailureCause> = z.enum(
  Object.keys(CAN_PASS) as [FailureCause, ...FailureCause[]],
);

/** Beside the error of a failed training; absent in records of earlier versions. */
export const failureDetails = {
  cause: failureCauseSchema.exactOptional(),
  /** The last lines that the process wrote. */
  lastLines: z.array(z.string()).exactOptional(),
};
