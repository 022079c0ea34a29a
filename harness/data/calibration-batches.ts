import { randomStream } from '../random.js';
import { UNCHANGED } from './augmentation.js';
import { imagesUsed, trainCount } from './batches.js';
import type { Dataset } from './dataset.js';
import { painterOf } from './painting.js';

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
  const painter = painterOf(dataset, size);
  const paint = async (places: Uint32Array): Promise<Float32Array> => {
    const canvases = painter.blank(places.length);
    await Promise.all(
      Array.from(places, (place, i) =>
        painter.paint(split, used[place] ?? 0, canvases, i, { crop: null, change: UNCHANGED }),
      ),
    );
    return canvases;
  };
  for (let first = 0; first < images; first += batch) yield paint(order.subarray(first, first + batch));
}
