/**
 * Images that an engine paints: where crop, scale, mirror image and shift are, along each axis, the source pixels that make a target pixel, by
 * the same rules as in `painting.ts`.
 */
import type { Image, Located, Shown } from '../dataset.js';
import type { ImageSize } from '../images/shown-region.js';
import type { Box } from '../scaling/kernel.js';
import { axisOf, neighbours, type Taps } from '../scaling/taps.js';
import type { Change, Rectangle } from './augmentation.js';

/** What is known of one image. */
export interface Source {
  readonly height: number;
  readonly width: number;
  readonly rows: Lines;
  readonly columns: Lines;
  readonly erased: Rectangle | null;
}

export interface SentSource extends Source {
  /** Writes its bytes there. */
  readonly write: (bytes: Uint8Array) => void;
}

export interface LocatedSource extends Source {
  readonly offset: number;
  readonly rowBytes: number;
}

/** What the pixels of an axis are made into, and where that comes to lie: from `shift` on, the last first where it is reversed. */
export interface Lines {
  readonly taps: Taps;
  readonly shift: number;
  readonly reversed: boolean;
}

/** An image of one size around the centre of the canvas. */
export const placed = (image: Image, channels: number, size: number, change: Change): SentSource => {
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
export const scaled = ({ pixels, box }: Shown, size: number, change: Change): SentSource => {
  const { first, rowBytes, ...source } = shownPart(box, pixels, size, change);
  return {
    ...source,
    write: (bytes) => {
      for (let row = 0; row < source.height; row += 1) {
        const from = first + row * rowBytes;
        bytes.set(pixels.bytes.subarray(from, from + 3 * source.width), row * 3 * source.width);
      }
    },
  };
};

/** The same in a file. */
export const located = ({ offset, box, ...whole }: Located, size: number, change: Change): LocatedSource => {
  const { first, ...source } = shownPart(box, whole, size, change);
  return { ...source, offset: offset + first };
};

/** The pixels that a box touches: where they begin in those of the whole image, in bytes, and what they are made into. */
const shownPart = (
  box: Box,
  { height, width }: ImageSize,
  size: number,
  { down, right, mirrored, erased }: Change,
): Source & { readonly first: number; readonly rowBytes: number } => {
  const rows = axisOf(box.top, box.height, height);
  const columns = axisOf(box.left, box.width, width);
  const rowBytes = 3 * width;
  return {
    first: rows.first * rowBytes + 3 * columns.first,
    rowBytes,
    height: rows.count,
    width: columns.count,
    rows: { taps: neighbours(rows, size), shift: down, reversed: false },
    columns: { taps: neighbours(columns, size), shift: right, reversed: mirrored },
    erased,
  };
};

/** Every pixel as it is. */
const each = (count: number): Taps => ({
  first: Int32Array.from({ length: count }, (_, pixel) => pixel),
  weights: new Float32Array(count).fill(1),
  width: 1,
});

/** A pixel that comes to lie nowhere, which leaves the canvas black. */
export const BLANK: Source = {
  height: 1,
  width: 1,
  rows: { taps: each(0), shift: 0, reversed: false },
  columns: { taps: each(0), shift: 0, reversed: false },
  erased: null,
};

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
