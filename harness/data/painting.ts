/** Images on square canvases: around the centre, normalised by the data set's mean and deviation, black around. */
import type { Change, Rectangle } from './augmentation.js';
import type { Dataset, Image } from './dataset.js';

export interface Painter {
  /** So many black canvases, channels x size x size each. */
  blank(count: number): Float32Array;
  /** Paints an image onto the canvas at `place`, which is blank. */
  paint(image: Image, canvases: Float32Array, place: number, change: Change): void;
}

export const painterOf = (dataset: Dataset, size: number): Painter => {
  const { channels } = dataset;
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
    paint: (image, canvases, place, change) => {
      const { bytes, height, width, pixelStep, channelStep } = image;
      const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
      const { firstRow, lastRow, firstColumn, lastColumn, rowShift, columnShift } = visible(
        image,
        size,
        top + change.down,
        left + change.right,
      );
      for (let channel = 0; channel < channels; channel += 1) {
        const table = tables[channel] ?? new Float32Array(256);
        const from = channel * channelStep;
        const to = (place * channels + channel) * canvas;
        for (let row = firstRow; row < lastRow; row += 1) {
          const source = from + row * width * pixelStep;
          const target = to + (row + rowShift) * size + columnShift;
          for (let column = firstColumn; column < lastColumn; column += 1) {
            const across = change.mirrored ? width - 1 - column : column;
            canvases[target + column] = table[bytes[source + across * pixelStep] ?? 0] ?? 0;
          }
        }
        if (change.erased) erase(canvases, to, size, change.erased);
      }
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
