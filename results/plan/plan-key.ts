/** Content keys: equal content, equal key. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { requireSealed } from '../journal/checksum.js';
import { checkRecord } from '../parse.js';
import type { Plan } from './plan.js';

/** The first 16 digits of SHA-256 of the content as JSON, in the order of its fields. */
export const contentKey = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);

/** What of a plan decides results or verdicts, and may not change once it is planned. */
export type DecidedPlan = Pick<Plan, 'suite' | 'conditions' | 'candidates' | 'latency' | 'thresholds'>;

/** Of what has been decided; everything else of the plan is ignored: its file has a checksum of all of it. */
export const planKeyOf = ({
  suite,
  conditions,
  candidates,
  latency,
  thresholds,
}: Readonly<Record<string, unknown>>): string =>
  contentKey({ suite, conditions, candidates, latency, thresholds });

/** As it was written: a parsed plan has its fields in another order, and so another key. */
const asWritten = z.looseObject({ planKey: z.string() });

/**
 * Results count for the conditions that they were made under, and for no others that were written over them.
 * @param plan as it was written: JSON, not yet a record.
 * @param where names the file that holds it.
 * @param must whether there must be a checksum, as in every run whose journal has them.
 * @throws UserError where the plan was changed after it was made.
 */
export const requireUnchangedPlan = (
  plan: unknown,
  where: string,
  { must }: { readonly must: boolean },
): void => {
  const remedy = 'Restore the file from a copy, or run the suite again into a new directory.';
  const written = checkRecord(asWritten, plan, where, remedy);
  const key = planKeyOf(written);
  if (key === written.planKey) {
    requireSealed(plan, where, { must, remedy });
    return;
  }
  throw new UserError(
    `${where} was changed after the run was planned: the key of its content is ${key}, but the run has ${written.planKey}.`,
    remedy,
  );
};
