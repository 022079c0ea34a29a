/** Weights that a network came with, read when they are needed. */
export interface GivenWeights {
  /** Values by parameter path. */
  readonly values: () => ReadonlyMap<string, Float32Array>;
  /** Hash of the file that holds them. */
  readonly digest: string;
}
