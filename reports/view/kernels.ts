/** Mean kernel magnitudes of the candidates of a run. */
import type { TrialState } from '../../results/run/run.js';
import type { TrialResult } from '../../results/training/trial.js';
import type { Matrix } from './chart-view.js';

/** Mean over the seeds that have one; null where none has. */
export const meanMagnitudes = (
  { trials }: { readonly trials: readonly TrialState[] },
  kernel: number,
): Matrix | null => {
  const matrices = trials.flatMap((trial) =>
    trial.state === 'done' ? magnitudesOf(trial.result, kernel) : [],
  );
  const [first] = matrices;
  return (
    first?.map((row, r) =>
      row.map((_, c) => matrices.reduce((sum, matrix) => sum + (matrix[r]?.[c] ?? 0), 0) / matrices.length),
    ) ?? null
  );
};

/** The centre, the four taps next to it, the four corners, or the outer ring. */
export type KernelPart = 'centre' | 'cross' | 'corner' | 'ring';

/** Mean share of a tap in this part of the kernel. */
export const shareOf = (matrix: Matrix, part: KernelPart): number => {
  const edge = (matrix.length - 1) / 2;
  const shares = matrix.flatMap((row, r) =>
    row.filter((_, c) => IN_PART[part](Math.abs(r - edge), Math.abs(c - edge), edge)),
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
};

/** By the distance of a tap from the centre, down and across, and that of the edge. */
const IN_PART: Record<KernelPart, (down: number, across: number, edge: number) => boolean> = {
  centre: (down, across) => down + across === 0,
  cross: (down, across) => down + across === 1,
  corner: (down, across, edge) => Math.min(down, across) === edge,
  ring: (down, across, edge) => Math.max(down, across) === edge,
};

const magnitudesOf = ({ kernelMagnitudes = [] }: TrialResult, kernel: number): Matrix[] =>
  kernelMagnitudes.flatMap((one) => (one.kernel === kernel ? [one.matrix] : []));
