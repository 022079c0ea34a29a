/** Images on square canvases: around the centre, normalised by the data set's mean and deviation, black around. */

import type { Dataset, Image, Split } from '../dataset.js';
import { paintBox } from '../scaling/kernel.js';
import type { Change, DrawnBatch, DrawnImage, Rectangle } from './augmentation.js';
import { type CanvasPool, canvasPool } from './canvas-pool.js';

/** Makes the images of a batch, filled up with black ones to as many as it has been made for. */
export type ImageMaker<Images> = (split: Split, drawn: DrawnBatch) => Promise<Images>;

/** Makes batches of `batch` images, channels x size x size each. */
export const paintedImages = (
  dataset: Dataset,
  size: number,
  batch: number,
  canvases: CanvasPool = canvasPool(),
): ImageMaker<Float32Array> => {
  const painter = painterOf(dataset, size, canvases);
  const painted = async (split: Split, images: readonly DrawnImage[]): Promise<Float32Array> => {
    const blank = painter.blank(batch);
    await Promise.all(images.map((image, place) => painter.paint(split, image, blank, place)));
    return blank;
  };
  return async (split, { images, mixed }) => {
    if (mixed === null) return painted(split, images);
    const [first, second] = await Promise.all([painted(split, images), painted(split, mixed.images)]);
    mix(first, second, mixed.shares);
    canvases.give(second);
    return first;
  };
};

/** share . first + (1 - share) . second, image by image, in the first's place. */
const mix = (first: Float32Array, second: Float32Array, shares: Float32Array): void => {
  const size = first.length / shares.length;
  for (let i = 0; i < first.length; i += 1) {
    const share = shares[Math.floor(i / size)] ?? 1;
    first[i] = share * (first[i] ?? 0) + (1 - share) * (second[i] ?? 0);
  }
};

interface Painter {
  /** So many canvases, channels x size x size each: black, unless the images will cover them. */
  blank(count: number): Float32Array;
  /**
   * Paints the image of a split onto the canvas at `place`, which is blank: at once where it lies in memory, for a promise for each would
   * take as long as painting a small one.
   */
  paint(split: Split, image: DrawnImage, canvases: Float32Array, place: number): Promise<void> | undefined;
}

const painterOf = (dataset: Dataset, size: number, canvasesFrom: CanvasPool): Painter => {
  const { channels } = dataset;
  const tables = normalisationTables(dataset);
  const canvas = size * size;
  const black = tables.map((table) => table[0] ?? 0);
  /** Images that are scaled cover their canvases. */
  const isCovered = dataset.imageSize === null;

  const put = (image: Image, canvases: Float32Array, start: number, change: Change): void => {
    const { bytes, height, width, pixelStep, channelStep } = image;
    const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
    const { firstRow, lastRow, firstColumn, lastColumn, rowShift, columnShift } = visible(
      image,
      size,
      top + change.down,
      left + change.right,
    );
    const [across, step] = change.mirrored ? [width - 1 - firstColumn, -pixelStep] : [firstColumn, pixelStep];
    for (let channel = 0; channel < channels; channel += 1) {
      const table = tables[channel] ?? new Float32Array(256);
      const from = channel * channelStep;
      const to = start + channel * canvas;
      for (let row = firstRow; row < lastRow; row += 1) {
        let pixel = from + (row * width + across) * pixelStep;
        const target = to + (row + rowShift) * size + columnShift;
        for (let column = firstColumn; column < lastColumn; column += 1) {
          canvases[target + column] = table[bytes[pixel] ?? 0] ?? 0;
          pixel += step;
        }
      }
    }
  };

  /** Moves a painted plane, black where nothing comes to lie. */
  const move = (plane: Float32Array, { down, right }: Change, shade: number): void => {
    if (down === 0 && right === 0) return;
    const painted = plane.slice();
    plane.fill(shade);
    const [from, to] = [Math.max(0, -right), Math.min(size, size - right)];
    for (let row = Math.max(0, -down); row < Math.min(size, size - down); row += 1) {
      plane.set(painted.subarray(row * size + from, row * size + to), (row + down) * size + from + right);
    }
  };

  const planesOf = (canvases: Float32Array, start: number): Float32Array[] =>
    Array.from({ length: channels }, (_, channel) =>
      canvases.subarray(start + channel * canvas, start + (channel + 1) * canvas),
    );

  const finish = (canvases: Float32Array, start: number, { erased }: Change): void => {
    if (erased) for (const plane of planesOf(canvases, start)) erase(plane, size, erased);
  };

  return {
    blank: (count) => {
      const canvases = canvasesFrom.take(count * channels * canvas);
      if (isCovered) return canvases;
      for (let plane = 0; plane < count * channels; plane += 1) {
        canvases.fill(black[plane % channels] ?? 0, plane * canvas, (plane + 1) * canvas);
      }
      return canvases;
    },
    paint: (split, { index, crop, change }, canvases, place) => {
      const start = place * channels * canvas;
      if ('read' in split) {
        put(split.read(index), canvases, start, change);
        finish(canvases, start, change);
        return undefined;
      }
      const own = canvases.subarray(start, start + channels * canvas);
      return split.show(index, { size, crop }).then(({ pixels, box }) => {
        paintBox(pixels, box, { size, mirrored: change.mirrored, normalisation: dataset }, own);
        for (const [channel, plane] of planesOf(canvases, start).entries()) {
          move(plane, change, black[channel] ?? 0);
        }
        finish(canvases, start, change);
      });
    },
  };
};

/** The rows and columns of an image that fall onto the canvas when its corner lies at (rowShift, columnShift). */
const visible = ({ height, width }: Image, size: number, rowShift: number, columnShift: number) => ({
  firstRow: Math.max(0, -rowShift),
  lastRow: Math.min(height, size - rowShift),
  firstColumn: Math.max(0, -columnShift),
  lastColumn: Math.min(width, size - columnShift),
  rowShift,
  columnShift,
});

/** The mean by which images are normalised, which then is zero. */
const MEAN = 0;

const erase = (plane: Float32Array, size: number, { top, left, height, width }: Rectangle): void => {
  for (let row = top; row < top + height; row += 1) {
    plane.fill(MEAN, row * size + left, row * size + left + width);
  }
};

/** For each channel, the normalised value of every byte. */
const normalisationTables = ({ mean, deviation }: Dataset): readonly Float32Array[] =>
  mean.map((average, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - average) / (deviation[channel] ?? 1)),
  );
