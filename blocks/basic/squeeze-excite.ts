import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import type { ActivationFunction } from '../../harness/graph/operations/ops.js';

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

/** With ReLU and a hard gate whatever the block's activation, as since MobileNetV3; x itself where `squeezed` is 0. */
export const hardSqueezeExcite = (g: GraphBuilder, x: Value, squeezed: number): Value =>
  squeezed === 0 ? x : squeezeExcite(g, x, { squeezed, activation: 'relu', gate: 'hard-sigmoid' });

/** Option of blocks whose squeeze and excitation is optional and sized by the channels it weighs. */
export const squeezeOption = () =>
  z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Squeeze-and-excitation channels over the channels that it scales, rounded; 0: none; published: 0.25.',
    );

/** `squeeze * channels` rounded, at least 1; 0 where `squeeze` is 0. */
export const squeezedWidth = (squeeze: number, channels: number): number =>
  squeeze === 0 ? 0 : Math.max(1, Math.round(squeeze * channels));
