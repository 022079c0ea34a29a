/** Content keys: equal content, equal key. */
import { createHash } from 'node:crypto';
import type { Plan } from './record.js';

/** The first 16 digits of SHA-256 of the content as JSON, in the order of its fields. */
export const contentKey = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);

/** What of a plan decides results, and may not change once it is planned. */
export type DecidedPlan = Pick<Plan, 'suite' | 'conditions' | 'candidates' | 'latency'>;

/** Of what has been decided; everything else of the plan is ignored. */
export const planKeyOf = ({
  suite,
  conditions,
  candidates,
  latency,
}: Readonly<Record<keyof DecidedPlan, unknown>>): string =>
  contentKey({ suite, conditions, candidates, latency });
