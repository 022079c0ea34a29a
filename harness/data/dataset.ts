import type { RandomStream } from '../random.js';
import type { Box, Pixels } from './scaling/kernel.js';

/** One image in bytes, row after row; channels lie one after another or interleaved, as the steps say. */
export interface Image {
  readonly bytes: Uint8Array;
  readonly height: number;
  readonly width: number;
  /** From a pixel to its right neighbour; a row is `width` such steps. */
  readonly pixelStep: number;
  /** From a channel to the next of the same pixel. */
  readonly channelStep: number;
}

/** How an image that is scaled is wanted. */
export interface View {
  /** Height and width that the network sees. */
  readonly size: number;
  /** What a random crop is drawn from, or null for the crop of evaluation. */
  readonly crop: RandomStream | null;
}

/** What a view shows: a part of these pixels, to be scaled to its size. */
export interface Shown {
  readonly pixels: Pixels;
  readonly box: Box;
}

/** The same where the pixels lie in a file: rows of red, green and blue, a byte each, from `offset` on. */
export interface Located {
  readonly offset: number;
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

/** One label for each image of a split. */
interface Labelled {
  readonly labels: Uint8Array | Uint16Array;
  readonly count: number;
}

/** Images of one size that lie in memory. */
export interface StoredSplit extends Labelled {
  /** The image of this index, as it is kept. */
  readonly read: (index: number) => Image;
}

/** Images that are read and scaled when they are needed. */
export interface ScaledSplit extends Labelled {
  /** The part of an image that a view shows, red, green and blue. Throws UserError where it cannot be read. */
  readonly show: (index: number, view: View) => Promise<Shown>;
  /** If all images of the split lie decoded in one file: it may be mapped, and nothing need be read here. */
  readonly located?: LocatedImages;
}

/** Images that lie decoded in one file. */
export interface LocatedImages {
  readonly file: string;
  /** Where the part of an image that a view shows lies. */
  readonly locate: (index: number, view: View) => Located;
}

/** Images of one split, taken by their index. */
export type Split = StoredSplit | ScaledSplit;

/** The parts of a data set; no image is in two. */
export const SPLITS = ['train', 'validation', 'test'] as const;

/** One of `SPLITS`. */
export type SplitName = (typeof SPLITS)[number];

/**
 * A data set ready for training: three disjoint splits. Choices are made on validation; test is read once per trial, at its end.
 * The content hash covers images, their shape, labels and how they are split: equal hashes, equal data.
 */
export interface Dataset {
  readonly id: string;
  readonly contentHash: string;
  readonly classes: readonly string[];
  readonly channels: number;
  /** Of every image: networks see them padded with black, or fitted otherwise (`fit.ts`). Null where images have sizes of their own and are scaled to the network's. */
  readonly imageSize: readonly [height: number, width: number] | null;
  /** Where images are decoded and scaled when they are needed: by which rule, which has a new name whenever it gives other pixels. */
  readonly decoding?: string;
  /** By which each channel is normalised, in 0..1: of the training images, or of what they were drawn from. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly splits: Readonly<Record<SplitName, Split>>;
}
