import { describe, expect, it } from 'vitest';
import { onBackend } from '../../../../../harness/engines/tfjs/backends/backend.js';
import { tf } from '../../../../../harness/engines/tfjs/backends/tf.js';
import { wasmBackend } from '../../../../../harness/engines/tfjs/backends/wasm-backend.js';
import {
  type NormaliseBatch,
  normaliseByParts,
  normaliseInClosedForm,
} from '../../../../../harness/engines/tfjs/operations/batch-norm.js';
import { asMap, asVector, valuesOf } from '../../../../../harness/engines/tfjs/operations/tensors.js';
import { randomValues } from '../../../../support/random.js';
import { relativeDifference } from '../../../../support/reference.js';

const SHAPE: [number, number, number, number] = [3, 4, 5, 6];
const CHANNELS = SHAPE[3];
const SIZE = 3 * 4 * 5 * CHANNELS;

/** Gradients of a random linear function of the output for the input, the scale and the shift. */
const gradients = (normalise: NormaliseBatch, epsilon: number): Promise<Float32Array[]> =>
  onBackend(wasmBackend, async () => {
    const weights = tf.tensor4d(randomValues(SIZE, 1), SHAPE);
    const differentiate = tf.grads((x, gamma, beta) =>
      tf.sum(tf.mul(weights, normalise(asMap(x), asVector(gamma), asVector(beta), epsilon).output)),
    );
    const found = differentiate([
      tf.tensor4d(
        randomValues(SIZE, 2).map((value, i) => 3 * value + (i % CHANNELS)),
        SHAPE,
      ),
      tf.tensor1d(randomValues(CHANNELS, 3, 2)),
      tf.tensor1d(randomValues(CHANNELS, 4)),
    ]);
    return Promise.all(found.map(valuesOf));
  });

describe('the gradient of a batch norm', () => {
  it.each([1e-5, 0.5])('is the same in closed form as through its parts, epsilon %d', async (epsilon) => {
    const closed = await gradients(normaliseInClosedForm, epsilon);
    const byParts = await gradients(normaliseByParts, epsilon);
    expect(closed).toHaveLength(3);
    for (const [i, values] of byParts.entries())
      expect(relativeDifference(closed[i] ?? [], values)).toBeLessThan(2e-5);
  });
});
