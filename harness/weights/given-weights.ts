import { createHash } from 'node:crypto';
import type { GivenWeights } from '../graph/given-weights.js';

/** Those of a file with this content. */
export const givenWeights = (file: Uint8Array, values: GivenWeights['values']): GivenWeights => ({
  values,
  digest: createHash('sha256').update(file).digest('hex').slice(0, 16),
});
