import { createHash } from 'node:crypto';

/** Weights that a network came with, read when they are needed. */
export interface GivenWeights {
  /** Values by parameter path. */
  readonly values: () => ReadonlyMap<string, Float32Array>;
  /** Hash of the file that holds them. */
  readonly digest: string;
}

/** Those of a part of a network, whose paths begin with its own. */
export interface PartWeights {
  readonly path: string;
  readonly weights: GivenWeights;
}

/** Those of several parts as one; undefined where there are none. */
export const joinedWeights = (parts: readonly PartWeights[]): GivenWeights | undefined => {
  if (parts.length === 0) return undefined;
  const places = parts.map(({ path, weights }) => `${path} ${weights.digest}`);
  return {
    values: () =>
      new Map(
        parts.flatMap(({ path, weights }) =>
          [...weights.values()].map(
            ([name, values]) => [path === '' ? name : `${path}.${name}`, values] as const,
          ),
        ),
      ),
    digest: createHash('sha256').update(places.join('\n')).digest('hex').slice(0, 16),
  };
};
