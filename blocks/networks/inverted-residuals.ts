/** What MobileNetV2 and the networks found by search around its block have in common. */
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import type { ActivationFunction } from '../../harness/graph/operations/ops.js';
import { invertedResidualBlock } from '../basic/inverted-residual.js';
import { squeezeExcite } from '../basic/squeeze-excite.js';
import { buildStages, type Stage } from './stages.js';

export interface InvertedResidualStage extends Stage {
  /** Width of the depthwise convolution over the width of the block's input; 1: no expansion. */
  readonly expansion: number;
  readonly kernel: number;
  /** Squeeze and excitation with a quarter of the channels of the block's input. */
  readonly squeeze: boolean;
}

/** A row of the tables in the papers. */
export const row = (
  expansion: number,
  kernel: number,
  outChannels: number,
  repeats: number,
  stride: number,
  squeeze = false,
): InvertedResidualStage => ({ expansion, kernel, outChannels, repeats, stride, squeeze });

export const invertedResiduals = (
  g: GraphBuilder,
  x: Value,
  stages: readonly InvertedResidualStage[],
  activation: ActivationFunction,
): Value =>
  buildStages(g, x, stages, (scope, y, { expansion, kernel, squeeze, outChannels, stride }) => {
    const [channels] = y.shape;
    const squeezed = Math.max(1, Math.floor(channels / 4));
    const excite = (inner: GraphBuilder, z: Value) =>
      squeezeExcite(inner, z, { squeezed, activation, gate: 'sigmoid' });
    const block = invertedResidualBlock({
      hidden: expansion * channels,
      kernel,
      ...(squeeze ? { excite } : {}),
    });
    return block(scope, y, { outChannels, stride, activation });
  });
