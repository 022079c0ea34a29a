/**
 * Rows and columns of a map put elsewhere, some of them several times, as products with matrices of zeros and ones: the WebAssembly
 * backend has no gradient of a gather.
 */
import type { Pair, Sides } from '../../../graph/operations/ops.js';
import { edgePlaces, nearestPlaces } from '../../../graph/operations/places.js';
import { tf } from '../backends/tf.js';
import { asMap } from './tensors.js';

/** The nearest value of the map around it. */
export const padEdge = (x: tf.Tensor4D, [top, left, bottom, right]: Sides): tf.Tensor4D => {
  const [, height, width] = x.shape;
  return picked(x, edgePlaces(top, height, bottom), edgePlaces(left, width, right));
};

/** Pixel i is pixel floor(i H / H') along both axes. */
export const resizeNearest = (x: tf.Tensor4D, [newHeight, newWidth]: Pair): tf.Tensor4D => {
  const [, height, width] = x.shape;
  return picked(x, nearestPlaces(height, newHeight), nearestPlaces(width, newWidth));
};

const picked = (x: tf.Tensor4D, rows: readonly number[], columns: readonly number[]): tf.Tensor4D => {
  const [images, height, width, channels] = x.shape;
  const tall = tf.matMul(choice(rows, height), tf.reshape(x, [images, height, width * channels]));
  const lines = tf.reshape(tall, [images * rows.length, width, channels]);
  const wide = tf.matMul(choice(columns, width), lines);
  return asMap(tf.reshape(wide, [images, rows.length, columns.length, channels]));
};

/** [1, places, size]: 1 where a place takes a row, for every image. */
const choice = (places: readonly number[], size: number): tf.Tensor => {
  const matrix = new Float32Array(places.length * size);
  for (const [i, place] of places.entries()) matrix[i * size + place] = 1;
  return tf.tensor(matrix, [1, places.length, size]);
};
