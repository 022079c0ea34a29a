/** From kernels that were timed to the operations of a graph: where its multiply-accumulates are computed, and what else takes time. */
import type { ProfiledKernel } from '../../../results/profile/profile.js';
import type { ProfileKind } from '../../../results/profile/profile-kinds.js';
import { cost, type OpCostRow } from '../../cost/cost.js';
import type { CostKind } from '../../cost/kinds.js';
import { consumersOf, type Graph } from '../../graph/graph.js';

/** What is known of a kernel from the graph. */
export interface AttributedKernel extends Pick<ProfiledKernel, 'path' | 'kind' | 'macs'> {
  /** In float32. */
  readonly weightBytes: number;
}

interface Kernel {
  readonly operator: string;
  /** Path of its operation; null for what the engine added by itself. */
  readonly owner: string | null;
  readonly name: string;
}

/**
 * One row for each kernel, in their order, of one image: its path is that of the operation with the most multiply-accumulates of all that it
 * computes. An operation that has no kernel of its own is computed by that of the next one that reads it:
 * engines join a convolution with the activation behind it. Throws RangeError where multiply-accumulates are left over.
 */
export const attributeKernels = (graph: Graph, kernels: readonly Kernel[]): readonly AttributedKernel[] => {
  const rows = cost(graph).perOp;
  const byPath = new Map(rows.map((row) => [row.path, row]));
  const computing = computingKernels(kernels);
  const consumers = consumersOf(graph);
  const members = kernels.map((): OpCostRow[] => []);
  for (const [id, row] of rows.entries()) {
    if (row.macs === 0) continue;
    let at: number | undefined = id;
    while (at !== undefined && !computing.has(rows[at]?.path ?? '')) at = consumers[at]?.[0];
    const kernel = at === undefined ? undefined : computing.get(rows[at]?.path ?? '');
    if (kernel === undefined) throw new RangeError(`No kernel computes ${row.path}.`);
    members[kernel]?.push(row);
  }
  return kernels.map(({ operator, owner, name }, index) => {
    const [main] = (members[index] ?? []).toSorted((a, b) => b.macs - a.macs);
    const own = owner === null ? undefined : byPath.get(owner);
    return {
      path: main?.path ?? own?.path ?? name,
      kind: main?.kind ?? (operator.startsWith('Reorder') ? 'layout' : unweighted(own?.kind)),
      macs: (members[index] ?? []).reduce((sum, { macs }) => sum + macs, 0),
      weightBytes: (members[index] ?? []).reduce((sum, { params }) => sum + FLOAT32_BYTES * params, 0),
    };
  });
};

const FLOAT32_BYTES = 4;

/** By the path of an operation, which of its kernels multiplies: the one that convolves or multiplies matrices, else the first. */
const computingKernels = (kernels: readonly Kernel[]): ReadonlyMap<string, number> => {
  const computing = new Map<string, number>();
  for (const [index, { owner, operator }] of kernels.entries()) {
    if (owner === null) continue;
    if (!computing.has(owner) || MULTIPLIES.test(operator)) computing.set(owner, index);
  }
  return computing;
};

/** Operators of kernels that convolve or multiply matrices. */
export const MULTIPLIES = /Conv|Gemm|MatMul/;

/** A kernel beside the one that multiplies, such as a reshape before a convolution over channels, is no convolution. */
const unweighted = (kind: CostKind | undefined): ProfileKind => (kind === 'normalization' ? kind : 'other');
