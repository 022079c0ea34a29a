import { randomStream } from '../../random.js';
import type { Dataset } from '../dataset.js';
import { asItIs } from './augmentation.js';
import { imagesUsed, trainCount } from './batches.js';
import { paintedImages } from './painting.js';

export interface CalibrationBatchOptions {
  readonly images: number;
  /** Divides the number of images. */
  readonly batch: number;
  readonly size: number;
  /** As for training: of which images calibration takes its own. */
  readonly trainImages?: number;
}

/** Images that the network is trained on, as evaluation shows them: the first of a fixed random order, the same for every candidate. */
export function* calibrationBatches(
  dataset: Dataset,
  { images, batch, size, trainImages }: CalibrationBatchOptions,
): Generator<Promise<Float32Array>> {
  const split = dataset.splits.train;
  const used = imagesUsed(split.count, trainCount(dataset, trainImages));
  const order = randomStream(0, 'calibration').permutation(used.length).subarray(0, images);
  const make = paintedImages(dataset, size, batch);
  for (let first = 0; first < images; first += batch) {
    const shown = Array.from(order.subarray(first, first + batch), (place) => asItIs(used[place] ?? 0));
    yield make(split, { images: shown, mixed: null });
  }
}
