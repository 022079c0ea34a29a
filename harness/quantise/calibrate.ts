/** The ranges of activations on calibration images, by one of four methods. */
import type { Calibration } from '../../results/training/int8.js';
import type { Graph } from '../graph/graph.js';
import { UserError } from '../user/user-error.js';
import type { Range } from './affine.js';
import { clippedRange } from './clipping.js';
import { count, emptyHistogram } from './histogram.js';
import { calibratedNodes } from './layout.js';
import type { Ranges } from './quantise.js';

/** The values of nodes by their id, on the images of a batch. */
export type Observe = (images: Float32Array) => Promise<ReadonlyMap<number, Float32Array>>;

/** Batches of calibration images: the same every time they are asked for. */
export type CalibrationBatches = () => Iterable<Float32Array | Promise<Float32Array>>;

/**
 * Ranges of all values that are to be quantised. Methods that clip go through the images twice: for the ends of every histogram, and for
 * its counts. An end that is not finite is left for the int8 form to refuse.
 */
export const calibrate = async (
  graph: Graph,
  method: Calibration,
  observe: Observe,
  batches: CalibrationBatches,
): Promise<Ranges> => {
  const ranges = new Map(calibratedNodes(graph).map((id): [number, Range] => [id, NOTHING]));
  for (const batch of batches()) {
    for (const [id, values] of await observe(await batch)) ranges.set(id, widened(ranges.get(id), values));
  }
  if (method === 'min-max' || ![...ranges.values()].flat().every(Number.isFinite)) return ranges;
  const histograms = new Map([...ranges].map(([id, range]) => [id, emptyHistogram(range)]));
  for (const batch of batches()) {
    for (const [id, values] of await observe(await batch)) {
      const histogram = histograms.get(id);
      if (histogram) count(histogram, values);
    }
  }
  return new Map([...histograms].map(([id, histogram]) => [id, clippedRange(method, histogram)]));
};

/** Throws UserError where there are fewer images than calibration asks for. */
export const requireCalibrationImages = (asked: number, images: number): void => {
  if (images >= asked) return;
  throw new UserError(
    `int8 calibration asks for ${asked} images, but only ${images} training images are used.`,
    `Use more training images, or set int8.images of the suite to at most ${images}.`,
  );
};

/** The most images that are observed at once. */
const MOST_AT_ONCE = 16;

/** Images a batch: as many as go into the number without a rest, so that no batch is filled up with what is no image. */
export const calibrationBatch = (images: number): number => {
  let batch = Math.min(MOST_AT_ONCE, images);
  while (images % batch !== 0) batch -= 1;
  return batch;
};

const NOTHING: Range = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** A value that is not a number makes the range infinite. */
const widened = ([low, high]: Range = NOTHING, values: Float32Array): Range => {
  let [least, most] = [low, high];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? Number.NaN;
    if (value < least) least = value;
    if (value > most) most = value;
    if (Number.isNaN(value)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
  return [least, most];
};
