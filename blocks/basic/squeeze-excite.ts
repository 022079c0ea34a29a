import type { GraphBuilder, Value } from '../../harness/graph/builder.js';
import type { ActivationFunction } from '../../harness/graph/ops.js';

export interface SqueezeExciteOptions {
  /** Channels between the two 1x1 convolutions. */
  readonly squeezed: number;
  readonly activation: ActivationFunction;
  readonly gate: ActivationFunction;
}

/**
 * Squeeze and excitation (Hu et al. 2018, arXiv:1709.01507): x times a gate per channel, computed from its global average by two
 * 1x1 convolutions with bias.
 */
export const squeezeExcite = (
  g: GraphBuilder,
  x: Value,
  { squeezed, activation, gate }: SqueezeExciteOptions,
): Value => {
  const average = g.globalAvgPool('average', x);
  const reduced = g.conv2d('reduce', average, { outChannels: squeezed, kernel: 1, bias: true });
  const hidden = g.activation('reduce.act', reduced, activation);
  const restored = g.conv2d('restore', hidden, { outChannels: x.shape[0], kernel: 1, bias: true });
  return g.mul('mul', x, g.activation('gate', restored, gate));
};
