import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import type { Pair } from '../../harness/graph/operations/ops.js';
import { UserError } from '../../harness/user/user-error.js';
import { convBn, sumBranches } from '../conv-bn.js';
import type { SpatialSite } from '../part.js';

export interface DepthwiseBranches {
  /** Names and kernels of the convolutions. */
  readonly convolutions: readonly (readonly [name: string, kernel: Pair])[];
  /** A branch of batch norm alone, which exists only at stride 1. */
  readonly identity: boolean;
}

/**
 * Parallel depthwise convolutions, each with its own batch norm, summed. All are linear and fit into one window, so that they merge
 * into one depthwise convolution with bias. Throws UserError, naming `id`, where no branch is left.
 */
export const sumDepthwise = (
  id: string,
  g: GraphBuilder,
  x: Value,
  { stride }: SpatialSite,
  { convolutions, identity }: DepthwiseBranches,
): Value => {
  const [first, ...rest] = [
    ...convolutions.map(([name, kernel]) =>
      convBn(g.scope(name), x, { outChannels: x.shape[0], kernel, stride, groups: x.shape[0] }),
    ),
    ...(identity && stride === 1 ? [g.batchNorm('identity.bn', x)] : []),
  ];
  if (first) return sumBranches(g, [first, ...rest]);
  throw new UserError(
    `${id} has no branch at stride ${stride}.`,
    'Turn on at least one of its convolutions.',
  );
};

/** `count` branches of one kernel: `square1`, `square2`, ... */
export const squares = (count: number, kernel: number): DepthwiseBranches['convolutions'] =>
  Array.from({ length: count }, (_, i) => [`square${i + 1}`, [kernel, kernel]]);
