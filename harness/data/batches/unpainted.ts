/**
 * Images for an engine that paints them itself, all of a batch at once on its device: their bytes, and how each becomes a canvas. Crop,
 * scale, mirror image and shift are, along each axis, the source pixels that make a target pixel, by the same rules as in `painting.ts`.
 */

import type { Dataset, Image, Shown, Split } from '../dataset.js';
import type { Normalisation } from '../scaling/kernel.js';
import { axisOf, neighbours, type Taps } from '../scaling/taps.js';
import type { Change, DrawnBatch, DrawnImage, Rectangle } from './augmentation.js';
import type { ImageMaker } from './painting.js';

/** Images of a batch that an engine paints. Where images are mixed, those of the second half are mixed into those of the first. */
export interface UnpaintedImages {
  /** Images without those that are mixed in. */
  readonly count: number;
  /** Of all images, one after another: rows of pixels whose channels are interleaved, nothing between; then zeros to a multiple of four. */
  readonly bytes: Uint8Array;
  readonly heights: Int32Array;
  readonly widths: Int32Array;
  readonly channels: number;
  /** Height and width of the canvases. */
  readonly size: number;
  readonly rows: Taps;
  readonly columns: Taps;
  readonly normalisation: Normalisation;
  /** Four values an image: top, left, height, width of what is filled with the mean, on the canvas; null where nothing is. */
  readonly erased: Int32Array | null;
  /** Of each image in its mixture, 0..1; null where none is mixed. */
  readonly shares: Float32Array | null;
}

/** What is known of one image. */
interface Source {
  /** Writes its bytes there. */
  readonly write: (bytes: Uint8Array) => void;
  readonly height: number;
  readonly width: number;
  readonly rows: Lines;
  readonly columns: Lines;
  readonly erased: Rectangle | null;
}

/** What the pixels of an axis are made into, and where that comes to lie: from `shift` on, the last first where it is reversed. */
interface Lines {
  readonly taps: Taps;
  readonly shift: number;
  readonly reversed: boolean;
}

/** Makes batches of `batch` images, filled up with black ones. */
export const unpaintedImages = (
  dataset: Dataset,
  size: number,
  batch: number,
): ImageMaker<UnpaintedImages> => {
  const { channels, mean, deviation } = dataset;
  const blank = blankOf(channels);
  const sourceOf = async (split: Split, { index, crop, change }: DrawnImage): Promise<Source> =>
    'read' in split
      ? placed(split.read(index), channels, size, change)
      : scaled(await split.show(index, { size, crop }), size, change);
  return async (split, { images, mixed }: DrawnBatch) => {
    const drawn = [...images, ...(mixed?.images ?? [])];
    const sources = await Promise.all(drawn.map((one) => sourceOf(split, one)));
    while (sources.length < batch) sources.push(blank);
    return {
      count: batch,
      bytes: bytesOf(sources, channels),
      heights: Int32Array.from(sources, ({ height }) => height),
      widths: Int32Array.from(sources, ({ width }) => width),
      channels,
      size,
      rows: laidOut(
        sources.map(({ rows }) => rows),
        size,
      ),
      columns: laidOut(
        sources.map(({ columns }) => columns),
        size,
      ),
      normalisation: { mean, deviation },
      erased: erasedOf(sources),
      shares: mixed?.shares ?? null,
    };
  };
};

/** An image of one size around the centre of the canvas. */
const placed = (image: Image, channels: number, size: number, change: Change): Source => {
  const { height, width } = image;
  const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
  return {
    write: (bytes) => interleave(image, channels, bytes),
    height,
    width,
    rows: { taps: each(height), shift: top + change.down, reversed: false },
    columns: { taps: each(width), shift: left + change.right, reversed: change.mirrored },
    erased: change.erased,
  };
};

/** The part of an image that is shown. */
const scaled = ({ pixels, box }: Shown, size: number, change: Change): Source => {
  const rows = axisOf(box.top, box.height, pixels.height);
  const columns = axisOf(box.left, box.width, pixels.width);
  return {
    write: (bytes) => {
      const rowBytes = 3 * columns.count;
      for (let row = 0; row < rows.count; row += 1) {
        const from = 3 * ((rows.first + row) * pixels.width + columns.first);
        bytes.set(pixels.bytes.subarray(from, from + rowBytes), row * rowBytes);
      }
    },
    height: rows.count,
    width: columns.count,
    rows: { taps: neighbours(rows, size), shift: change.down, reversed: false },
    columns: { taps: neighbours(columns, size), shift: change.right, reversed: change.mirrored },
    erased: change.erased,
  };
};

/** A black pixel that comes to lie nowhere. */
const blankOf = (channels: number): Source => ({
  write: (bytes) => void bytes.fill(0, 0, channels),
  height: 1,
  width: 1,
  rows: { taps: each(0), shift: 0, reversed: false },
  columns: { taps: each(0), shift: 0, reversed: false },
  erased: null,
});

/** Every pixel as it is. */
const each = (count: number): Taps => ({
  first: Int32Array.from({ length: count }, (_, pixel) => pixel),
  weights: new Float32Array(count).fill(1),
  width: 1,
});

const interleave = (
  { bytes, height, width, pixelStep, channelStep }: Image,
  channels: number,
  target: Uint8Array,
): void => {
  let place = 0;
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      target[place] = bytes[pixel * pixelStep + channel * channelStep] ?? 0;
      place += 1;
    }
  }
};

const bytesOf = (sources: readonly Source[], channels: number): Uint8Array => {
  const lengths = sources.map(({ height, width }) => channels * height * width);
  const length = lengths.reduce((sum, one) => sum + one, 0);
  const bytes = Buffer.allocUnsafe(Math.ceil(length / 4) * 4);
  bytes.fill(0, length);
  let first = 0;
  for (const [i, { write }] of sources.entries()) {
    const end = first + (lengths[i] ?? 0);
    write(bytes.subarray(first, end));
    first = end;
  }
  return bytes;
};

/** One entry for every image and target pixel; of no weight, which is black, where nothing comes to lie. */
const laidOut = (images: readonly Lines[], size: number): Taps => {
  const width = Math.max(...images.map(({ taps }) => taps.width));
  const first = new Int32Array(images.length * size);
  const weights = new Float32Array(images.length * size * width);
  for (const [i, { taps, shift, reversed }] of images.entries()) {
    const count = taps.first.length;
    const end = Math.min(size, count + shift);
    for (let target = Math.max(0, shift); target < end; target += 1) {
      const line = reversed ? count - 1 - (target - shift) : target - shift;
      const entry = i * size + target;
      first[entry] = taps.first[line] ?? 0;
      for (let tap = 0; tap < taps.width; tap += 1) {
        weights[entry * width + tap] = taps.weights[line * taps.width + tap] ?? 0;
      }
    }
  }
  return { first, weights, width };
};

const erasedOf = (sources: readonly Source[]): Int32Array | null =>
  sources.some(({ erased }) => erased !== null)
    ? Int32Array.from(
        sources.flatMap(({ erased }) =>
          erased === null ? [0, 0, 0, 0] : [erased.top, erased.left, erased.height, erased.width],
        ),
      )
    : null;
