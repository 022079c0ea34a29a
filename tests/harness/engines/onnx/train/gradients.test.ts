/**
 * Every gradient rule, and every fusion, against central differences of the loss in float64; and the same on rows of images side by
 * side, as the blocked convolution takes them, against rows of images one after another.
 */

import { describe, expect, it } from 'vitest';
import { blockSize } from '../../../../../harness/engines/onnx/block-size.js';
import { planFusions } from '../../../../../harness/engines/onnx/train/normalisation/fusion.js';
import type { Graph } from '../../../../../harness/graph/graph.js';
import type { OpKind } from '../../../../../harness/graph/operations/ops.js';
import { lossGradients, lossOf } from '../../../../support/loss-gradients.js';
import { randomWeights, seededRandom } from '../../../../support/random.js';
import { referenceOutput } from '../../../../support/reference.js';
import { surrounded, TRAINING_CASES } from '../../../../support/training-cases.js';

const BATCH = 3;
const STEP = 1e-5;
/** Largest error of a derivative along a random direction, relative to the gradient's norm, in float32. */
const TOLERANCE = 1e-3;
/** Where the true gradient is zero (a bias before a batch norm), what float32 leaves of it, relative to the largest gradient. */
const NOISE = 1e-6;

/** Norm of the difference between two orders of summation, relative to the gradient's norm, in float32. */
const ROUNDING = 3e-4;

/** The same of the losses, relative to the loss: instruction sets differ in the order in which they add. */
const LOSS_ROUNDING = 1e-5;

const imagesFor = (graph: Graph, batch: number, random: () => number): Float32Array =>
  Float32Array.from({ length: batch * graph.input.shape.reduce((a, b) => a * b, 1) }, () => random() * 2 - 1);

/** Null where this processor has no blocked convolution. */
const BLOCK = await blockSize();

type Analytic = Awaited<ReturnType<typeof lossGradients>>;

/** Of the gradients by parameter. */
const largestNorm = ({ gradients, parameters }: Analytic): number => {
  let offset = 0;
  const norms = parameters.map(({ size }) => {
    offset += size;
    return Math.hypot(...gradients.subarray(offset - size, offset));
  });
  return Math.max(...norms);
};

describe('training rules', () => {
  it('are all reached by these cases', () => {
    const kinds = new Set(
      TRAINING_CASES.flatMap((example) => surrounded(example).nodes.map((node) => node.op.kind)),
    );
    const all: Record<OpKind, true> = {
      input: true,
      conv2d: true,
      channelConv: true,
      dense: true,
      batchNorm: true,
      scale: true,
      scaleGroups: true,
      layerNorm: true,
      groupNorm: true,
      l2Norm: true,
      addPositions: true,
      activation: true,
      leakyRelu: true,
      prelu: true,
      times: true,
      add: true,
      mul: true,
      concat: true,
      slice: true,
      permuteChannels: true,
      globalAvgPool: true,
      avgPool: true,
      maxPool: true,
      pad: true,
      resize: true,
      matMul: true,
      linearAttention: true,
      softmax: true,
      pixelSoftmax: true,
      spaceToDepth: true,
      depthToSpace: true,
      flatten: true,
    };
    expect(Object.keys(all).filter((kind) => !kinds.has(kind as OpKind))).toEqual([]);
  });

  it.each(TRAINING_CASES)('$name: gradients equal central differences', async (example) => {
    const random = seededRandom(7);
    const graph = surrounded(example);
    const { byRoot, absorbed } = planFusions(graph, BATCH);
    expect(byRoot.size + absorbed.size).toBe(example.fused ?? 0);
    const weights = randomWeights(graph, 11);
    const images = imagesFor(graph, BATCH, random);
    const loss = (changed: ReadonlyMap<string, ArrayLike<number>>): number =>
      lossOf(referenceOutput(graph, changed, images, { batch: BATCH, mode: 'training' }));
    const result = await lossGradients(graph, weights, images, { batch: BATCH, block: null });
    expect(result.loss).toBeCloseTo(loss(weights), 4);

    const largest = largestNorm(result);
    let offset = 0;
    for (const { path, size } of result.parameters) {
      const gradient = result.gradients.subarray(offset, offset + size);
      const direction = Float64Array.from({ length: size }, () => random() * 2 - 1);
      const along = (step: number): number => {
        const moved = direction.map((d, i) => (weights.get(path)?.[i] ?? 0) + step * d);
        return loss(new Map<string, ArrayLike<number>>([...weights, [path, moved]]));
      };
      const numeric = (along(STEP) - along(-STEP)) / (2 * STEP);
      const projected = direction.reduce((sum, d, i) => sum + d * (gradient[i] ?? Number.NaN), 0);
      const norm = Math.hypot(...gradient);
      expect(Math.abs(projected - numeric), path).toBeLessThan(TOLERANCE * norm + NOISE * largest);
      offset += size;
    }
    expect(offset).toBe(result.gradients.length);
  });

  it.skipIf(BLOCK === null).each(TRAINING_CASES)(
    '$name: gradients are the same with images side by side',
    async (example) => {
      const graph = surrounded(example);
      const batch = 2 * (BLOCK ?? 1);
      const weights = randomWeights(graph, 11);
      const images = imagesFor(graph, batch, seededRandom(7));
      const plain = await lossGradients(graph, weights, images, { batch, block: null });
      const blocked = await lossGradients(graph, weights, images, { batch, block: BLOCK });
      expect(Math.abs(blocked.loss - plain.loss)).toBeLessThan(LOSS_ROUNDING * plain.loss);
      const largest = largestNorm(plain);
      let offset = 0;
      for (const { path, size } of plain.parameters) {
        const expected = plain.gradients.subarray(offset, offset + size);
        const difference = blocked.gradients
          .subarray(offset, offset + size)
          .map((value, i) => value - (expected[i] ?? Number.NaN));
        expect(Math.hypot(...difference), path).toBeLessThan(
          ROUNDING * Math.hypot(...expected) + 2 * NOISE * largest,
        );
        offset += size;
      }
    },
  );
});
