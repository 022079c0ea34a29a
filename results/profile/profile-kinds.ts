import { COST_KINDS } from '../../harness/cost/kinds.js';

/** The kinds of costs, and what onnxruntime does by itself to change how channels lie in memory. */
export const PROFILE_KINDS = [...COST_KINDS, 'layout'] as const;

export type ProfileKind = (typeof PROFILE_KINDS)[number];
