import { createHash } from 'node:crypto';

/** Weights that a network came with, read when they are needed. */
export interface GivenWeights {
  /** Values by parameter path. */
  readonly values: () => ReadonlyMap<string, Float32Array>;
  /** Hash of the file that holds them. */
  readonly digest: string;
}

/** Those of a file with this content. */
export const givenWeights = (file: Uint8Array, values: GivenWeights['values']): GivenWeights => ({
  values,
  digest: createHash('sha256').update(file).digest('hex').slice(0, 16),
});
