/** Images on square canvases: around the centre, normalised by the training images' mean and deviation, black around. */
import type { MapShape } from '../graph/shape.js';
import type { Change, Rectangle } from './augmentation.js';
import type { Dataset, Split } from './dataset.js';

export interface Painter {
  /** So many black canvases, channels x size x size each. */
  blank(count: number): Float32Array;
  /** Paints one image of a split onto the canvas at `place`, which is blank. */
  paint(split: Split, index: number, canvases: Float32Array, place: number, change: Change): void;
}

export const painterOf = (dataset: Dataset, size: number): Painter => {
  const [channels, height, width] = dataset.shape;
  const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
  const tables = normalisationTables(dataset);
  const canvas = size * size;
  return {
    blank: (count) => {
      const canvases = new Float32Array(count * channels * canvas);
      for (let plane = 0; plane < count * channels; plane += 1) {
        canvases.fill(tables[plane % channels]?.[0] ?? 0, plane * canvas, (plane + 1) * canvas);
      }
      return canvases;
    },
    paint: (split, index, canvases, place, change) => {
      const { firstRow, lastRow, firstColumn, lastColumn, rowShift, columnShift } = visible(
        [channels, height, width],
        size,
        top + change.down,
        left + change.right,
      );
      for (let channel = 0; channel < channels; channel += 1) {
        const table = tables[channel] ?? new Float32Array(256);
        const from = (index * channels + channel) * height * width;
        const to = (place * channels + channel) * canvas;
        for (let row = firstRow; row < lastRow; row += 1) {
          const source = from + row * width;
          const target = to + (row + rowShift) * size + columnShift;
          for (let column = firstColumn; column < lastColumn; column += 1) {
            const pixel = change.mirrored ? source + width - 1 - column : source + column;
            canvases[target + column] = table[split.images[pixel] ?? 0] ?? 0;
          }
        }
        if (change.erased) erase(canvases, to, size, change.erased);
      }
    },
  };
};

/** The rows and columns of an image that fall onto the canvas when its corner lies at (rowShift, columnShift). */
const visible = ([, height, width]: MapShape, size: number, rowShift: number, columnShift: number) => ({
  firstRow: Math.max(0, -rowShift),
  lastRow: Math.min(height, size - rowShift),
  firstColumn: Math.max(0, -columnShift),
  lastColumn: Math.min(width, size - columnShift),
  rowShift,
  columnShift,
});

/** The mean of the training images, which is zero once normalised. */
const MEAN = 0;

const erase = (
  canvases: Float32Array,
  offset: number,
  size: number,
  { top, left, height, width }: Rectangle,
): void => {
  for (let row = top; row < top + height; row += 1) {
    const start = offset + row * size + left;
    canvases.fill(MEAN, start, start + width);
  }
};

/** For each channel, the normalised value of every byte. */
const normalisationTables = ({ mean, deviation }: Dataset): readonly Float32Array[] =>
  mean.map((average, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - average) / (deviation[channel] ?? 1)),
  );
