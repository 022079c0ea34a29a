/** The loss of a batch and its gradients, as a step of the training model computes them; and the same loss from logits in float64. */
import { InferenceSession, Tensor } from '../../harness/engines/onnx/native.js';
import { trainingOptions } from '../../harness/engines/onnx/train/trainer.js';
import { LOSS, trainingModel } from '../../harness/engines/onnx/train/training-model.js';
import { flatten } from '../../harness/engines/onnx/train/update/state.js';
import { outputOf } from '../../harness/engines/onnx/train/update/vectors.js';
import type { Graph } from '../../harness/graph/graph.js';
import type { Int8Form } from '../../harness/quantise/quantise.js';
import { stepRecipe } from './recipe.js';
import { CLASSES } from './training-cases.js';

const SMOOTHING = 0.1;

const labelsOf = (batch: number): number[] => Array.from({ length: batch }, (_, i) => i % CLASSES);

/** Smoothed cross-entropy of a batch in float64. */
export const lossOf = (logits: Float64Array): number => {
  const batch = logits.length / CLASSES;
  let loss = 0;
  labelsOf(batch).forEach((label, image) => {
    const row = [...logits.subarray(image * CLASSES, (image + 1) * CLASSES)];
    const logSum = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    row.forEach((logit, k) => {
      const target = SMOOTHING / CLASSES + (k === label ? 1 - SMOOTHING : 0);
      loss -= (target * (logit - logSum)) / batch;
    });
  });
  return loss;
};

const floats = (tensor: { readonly data: unknown } | undefined): Float32Array => {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('Expected a float32 tensor.');
};

export interface GradientOptions {
  readonly batch: number;
  readonly block: number | null;
  readonly int8?: Int8Form;
}

export const lossGradients = async (
  graph: Graph,
  weights: ReadonlyMap<string, Float32Array>,
  images: Float32Array,
  { batch, ...options }: GradientOptions,
) => {
  const recipe = stepRecipe({ labelSmoothing: SMOOTHING });
  const { bytes, layout } = trainingModel(graph, { batch, recipe, ...options }, { gradientsOnly: true });
  const session = await InferenceSession.create(bytes, trainingOptions(1, 'cpu'));
  const vector = (values: Float32Array) => new Tensor('float32', values, [values.length]);
  const results = await session.run({
    images: new Tensor('float32', images, [batch, ...graph.input.shape]),
    labels: new Tensor('int64', BigInt64Array.from(labelsOf(batch), BigInt), [batch]),
    rate: new Tensor('float32', Float32Array.of(0), []),
    parameters: vector(flatten(layout.parameters, weights)),
    momenta: vector(new Float32Array(layout.parameterCount)),
    statistics: vector(flatten(layout.statistics, weights)),
  });
  await session.release();
  return {
    loss: floats(results[LOSS])[0] ?? Number.NaN,
    gradients: floats(results[outputOf('parameters')]),
    parameters: layout.parameters.flat(),
  };
};
