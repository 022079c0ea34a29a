/** Images for an engine that paints them itself, all of a batch at once on its device: their pixels, and how each becomes a canvas. */
import type { Dataset, Split } from '../dataset.js';
import type { Normalisation } from '../scaling/kernel.js';
import type { Taps } from '../scaling/taps.js';
import type { DrawnBatch, DrawnImage } from './augmentation.js';
import type { ImageMaker } from './painting.js';
import { BLANK, type Lines, located, placed, type SentSource, type Source, scaled } from './sources.js';

/** Images of a batch that an engine paints. Where images are mixed, those of the second half are mixed into those of the first. */
export interface UnpaintedImages {
  /** Images without those that are mixed in. */
  readonly count: number;
  readonly pixels: UnpaintedPixels;
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

/** Rows of pixels whose channels are interleaved. */
export type UnpaintedPixels =
  /** Of all images, one after another, nothing between; then zeros to a multiple of four. */
  | { readonly kind: 'sent'; readonly bytes: Uint8Array }
  | { readonly kind: 'located'; readonly place: PlaceInFile };

/** Where the first pixel of each image lies, and from each row to the next, in bytes. */
export interface PlaceInFile {
  readonly file: string;
  readonly offsets: readonly number[];
  readonly rowBytes: readonly number[];
}

/** Makes batches of `batch` images, filled up with black ones. */
export const unpaintedImages = (
  dataset: Dataset,
  size: number,
  batch: number,
): ImageMaker<UnpaintedImages> => {
  const { channels, mean, deviation } = dataset;
  const filled = <S>(sources: readonly S[], blank: S): readonly S[] => [
    ...sources,
    ...Array.from({ length: batch - sources.length }, () => blank),
  ];
  const sourcesOf = async (split: Split, drawn: readonly DrawnImage[]): Promise<Sources> => {
    if ('located' in split) {
      const { file, locate } = split.located;
      const sources = filled(
        drawn.map(({ index, crop, change }) => located(locate(index, { size, crop }), size, change)),
        { ...BLANK, offset: 0, rowBytes: 0 },
      );
      const offsets = sources.map(({ offset }) => offset);
      const rowBytes = sources.map(({ rowBytes }) => rowBytes);
      return { sources, pixels: { kind: 'located', place: { file, offsets, rowBytes } } };
    }
    const sources = filled(
      await Promise.all(
        drawn.map(async ({ index, crop, change }) =>
          'read' in split
            ? placed(split.read(index), channels, size, change)
            : scaled(await split.show(index, { size, crop }), size, change),
        ),
      ),
      { ...BLANK, write: (bytes) => void bytes.fill(0, 0, channels) },
    );
    return { sources, pixels: { kind: 'sent', bytes: bytesOf(sources, channels) } };
  };
  return async (split, { images, mixed }: DrawnBatch) => {
    const { sources, pixels } = await sourcesOf(split, [...images, ...(mixed?.images ?? [])]);
    return {
      count: batch,
      pixels,
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

/** The images of a batch, and their pixels. */
interface Sources {
  readonly sources: readonly Source[];
  readonly pixels: UnpaintedPixels;
}

const bytesOf = (sources: readonly SentSource[], channels: number): Uint8Array => {
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
