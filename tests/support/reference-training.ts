/**
 * Training of a softmax regression in float64, from the formulas, number by number: the independent answer that optimisers, clipping,
 * label smoothing and mixed labels are checked against.
 */

import type { Batch } from '../../harness/data/batches/batch.js';
import type { StepRecipe } from '../../harness/recipe/recipe.js';

/** Scores are weights . image + biases; weights are [classes, features]. */
export interface Regression {
  readonly weights: readonly number[];
  readonly biases: readonly number[];
}

/** A trainer in float64: the loss before each step and the regression after it. */
export const referenceTrainer = (start: Regression, recipe: StepRecipe) => {
  const kernels = start.weights.length;
  let values = [...start.weights, ...start.biases];
  let first = values.map(() => 0);
  let second = values.map(() => 0);
  let t = 0;
  return {
    step: (batch: Batch, rate: number): { readonly loss: number; readonly regression: Regression } => {
      t += 1;
      const { loss, gradient } = lossGradient(
        { weights: values.slice(0, kernels), biases: values.slice(kernels) },
        batch,
        recipe,
      );
      const g = clipped(gradient, recipe.clipNorm);
      const decay = (i: number): number => (i < kernels ? recipe.weightDecay * number(values, i) : 0);
      const { optimizer } = recipe;
      if (optimizer.kind === 'sgd') {
        const { momentum, nesterov } = optimizer;
        const total = g.map((gi, i) => gi + decay(i));
        first = first.map((m, i) => momentum * m + number(total, i));
        values = values.map(
          (w, i) => w - rate * (nesterov ? number(total, i) + momentum * number(first, i) : number(first, i)),
        );
      } else {
        const { beta1, beta2, epsilon } = optimizer;
        first = first.map((m, i) => beta1 * m + (1 - beta1) * number(g, i));
        second = second.map((v, i) => beta2 * v + (1 - beta2) * number(g, i) ** 2);
        values = values.map((w, i) => {
          const mean = number(first, i) / (1 - beta1 ** t);
          const square = number(second, i) / (1 - beta2 ** t);
          return w - rate * decay(i) - (rate * mean) / (Math.sqrt(square) + epsilon);
        });
      }
      return { loss, regression: { weights: values.slice(0, kernels), biases: values.slice(kernels) } };
    },
  };
};

/** Mean cross-entropy over the batch and its gradient for weights, then biases. */
const lossGradient = (
  { weights, biases }: Regression,
  { images, labels, count, mixed }: Batch,
  { labelSmoothing }: Pick<StepRecipe, 'labelSmoothing'>,
): { readonly loss: number; readonly gradient: readonly number[] } => {
  const [classes, features] = [biases.length, images.length / count];
  const gradient = Array.from({ length: classes * (features + 1) }, () => 0);
  let loss = 0;
  for (let n = 0; n < count; n += 1) {
    const image = [...images.subarray(n * features, (n + 1) * features)];
    const scores = biases.map((bias, k) =>
      image.reduce((sum, x, f) => sum + x * number(weights, k * features + f), bias),
    );
    const exponentials = scores.map((score) => Math.exp(score));
    const total = exponentials.reduce((sum, e) => sum + e, 0);
    const share = mixed?.shares[n] ?? 1;
    for (let k = 0; k < classes; k += 1) {
      const hot = (label: number | undefined): number => (label === k ? 1 : 0);
      const target = share * hot(labels[n]) + (1 - share) * hot(mixed?.labels[n]);
      const smoothed = (1 - labelSmoothing) * target + labelSmoothing / classes;
      const probability = number(exponentials, k) / total;
      loss -= (smoothed * Math.log(probability)) / count;
      const slope = (probability - smoothed) / count;
      image.forEach((x, f) => {
        gradient[k * features + f] = number(gradient, k * features + f) + slope * x;
      });
      gradient[classes * features + k] = number(gradient, classes * features + k) + slope;
    }
  }
  return { loss, gradient };
};

const clipped = (gradient: readonly number[], norm: number | null): readonly number[] => {
  const length = Math.hypot(...gradient);
  return norm === null || length <= norm ? gradient : gradient.map((g) => (g * norm) / length);
};

const number = (values: readonly number[], i: number): number => {
  const value = values[i];
  if (value === undefined) throw new RangeError(`There is no value ${i} among ${values.length}.`);
  return value;
};
