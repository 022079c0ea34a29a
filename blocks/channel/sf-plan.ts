/** The arithmetic of SF Conv (FalconNet, arXiv:2306.06365): which kernel sizes fit, what they cost, which is best. */
import { divisorsNear } from '../../harness/graph/channel-arithmetic.js';
import { UserError } from '../../harness/user/user-error.js';

export interface SfShape {
  /** C. */
  readonly inChannels: number;
  /** lambda C; the projection is the same operator with lambda below 1. */
  readonly outChannels: number;
  /** R: the hidden line has C / R channels. */
  readonly reduction: number;
}

export interface SfPlan {
  /** K: channels that one position of the first conv sees. */
  readonly kernel: number;
  /** C / K: groups of the first conv, and channels that one group of the second sees. */
  readonly positions: number;
  /** K / R: channels that each position of the first conv gives, and groups of the second. */
  readonly hiddenPerPosition: number;
  /** C / R. */
  readonly hiddenChannels: number;
}

/**
 * The factorisation with the kernel asked for, or with the admissible one of fewest weights.
 * Throws UserError, naming `id`, where the kernel does not fit or none does.
 */
export const planSf = (id: string, shape: SfShape, kernel: number | 'auto'): SfPlan => {
  const { inChannels, reduction } = shape;
  const chosen = kernel === 'auto' ? bestKernel(id, shape) : fittingKernel(id, shape, kernel);
  return {
    kernel: chosen,
    positions: inChannels / chosen,
    hiddenPerPosition: chosen / reduction,
    hiddenChannels: inChannels / reduction,
  };
};

/** Weights of both convs, batch norms excluded: C K / R + lambda C^2 / K. Least at K = sqrt(lambda R C) over the reals. */
export const sfWeights = ({ inChannels, outChannels, reduction }: SfShape, kernel: number): number =>
  (inChannels * kernel) / reduction + (outChannels * inChannels) / kernel;

/** Ascending: K divides C, R divides K, and the K / R groups of the second conv divide the output channels. */
export const admissibleKernels = ({ inChannels, outChannels, reduction }: SfShape): readonly number[] =>
  Array.from({ length: Math.floor(inChannels / reduction) }, (_, i) => (i + 1) * reduction).filter(
    (kernel) => inChannels % kernel === 0 && outChannels % (kernel / reduction) === 0,
  );

const bestKernel = (id: string, shape: SfShape): number => {
  const [first, ...rest] = admissibleKernels(shape);
  if (first === undefined) {
    throw new UserError(
      `${id}: no kernel size fits ${describeShape(shape)}: it must divide ${shape.inChannels} and be a multiple of ${shape.reduction}.`,
      nearestShapes(shape),
    );
  }
  return rest.reduce(
    (best, kernel) => (sfWeights(shape, kernel) < sfWeights(shape, best) ? kernel : best),
    first,
  );
};

const fittingKernel = (id: string, shape: SfShape, kernel: number): number => {
  const admissible = admissibleKernels(shape);
  if (admissible.includes(kernel)) return kernel;
  const nearest = [
    admissible.findLast((candidate) => candidate < kernel),
    admissible.find((candidate) => candidate > kernel),
  ].filter((candidate) => candidate !== undefined);
  throw new UserError(
    `${id}: kernel ${kernel} does not fit ${describeShape(shape)}.`,
    nearest.length === 0
      ? `No kernel size fits. ${nearestShapes(shape)}`
      : `The nearest valid kernel sizes are ${nearest.join(' and ')}.`,
  );
};

/** A kernel exists where the reduction divides the input channels. */
const nearestShapes = ({ inChannels, reduction }: SfShape): string => {
  const below = Math.floor(inChannels / reduction) * reduction;
  const channels = [below, below + reduction].filter((n) => n > 0);
  return (
    `The nearest valid reductions are ${divisorsNear(inChannels, reduction).join(' and ')}; ` +
    `at reduction ${reduction} the nearest numbers of input channels are ${channels.join(' and ')}.`
  );
};

const describeShape = ({ inChannels, outChannels, reduction }: SfShape): string =>
  `${inChannels} -> ${outChannels} channels at reduction ${reduction}`;
