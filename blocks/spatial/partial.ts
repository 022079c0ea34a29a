import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { divisorsNear } from '../../harness/graph/channel-arithmetic.js';
import { UserError } from '../../harness/user/user-error.js';
import { convBn } from '../conv-bn.js';
import { defineSpatialOperator } from '../define.js';
import { oddKernel } from '../options.js';

interface PartialOptions {
  readonly kernel: number;
  readonly divisor: number;
}

/** Applies `convolve` to the first C / divisor channels; the others pass unchanged. */
export const onFirstChannels = (
  g: GraphBuilder,
  x: Value,
  divisor: number,
  convolve: (first: Value) => Value,
): Value => {
  const channels = x.shape[0];
  if (channels % divisor !== 0) {
    throw new UserError(
      `partial: 1/${divisor} of ${channels} channels is not a whole number.`,
      `The nearest valid divisors are ${divisorsNear(channels, divisor).join(' and ')}.`,
    );
  }
  if (divisor === 1) return convolve(x);
  const convolved = channels / divisor;
  const first = convolve(g.slice('first', x, 0, convolved));
  return g.concat('concat', first, g.slice('rest', x, convolved, channels));
};

/**
 * PConv as an operator of its own has a batch norm on the convolved channels only: the others stay as they are, and the norm
 * folds into the convolution. The FasterNet block has PConv without a norm.
 */
export const partial = defineSpatialOperator({
  id: 'partial',
  summary: 'PConv: a dense convolution on the first C / divisor channels; the others pass through unchanged.',
  paper: 'Chen et al. 2023 (FasterNet), arXiv:2303.03667',
  admits: 'Multiples of divisor.',
  options: z.strictObject({
    kernel: oddKernel(3),
    divisor: z
      .int()
      .min(1)
      .default(4)
      .describe('Convolve the first C / divisor channels; divisor must divide C.'),
  }),
  build: (g, x, { stride }, { kernel, divisor }: PartialOptions) => {
    if (stride !== 1 && divisor !== 1) {
      throw new UserError(
        `partial cannot take stride ${stride}: the channels it leaves alone keep their size.`,
        'Use stride 1, or divisor=1.',
      );
    }
    return onFirstChannels(g, x, divisor, (first) =>
      convBn(g, first, { outChannels: first.shape[0], kernel, stride }),
    );
  },
});
