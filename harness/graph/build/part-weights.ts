import { createHash } from 'node:crypto';
import type { GivenWeights } from '../given-weights.js';

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
