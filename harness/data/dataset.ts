import type { RandomStream } from '../random.js';

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

/** How an image is wanted; heeded where a data set scales its images. */
export interface View {
  /** Height and width that the network sees. */
  readonly size: number;
  /** What a random crop is drawn from, or null for the crop of evaluation. */
  readonly crop: RandomStream | null;
}

/** Images of one split, read by their index when they are needed, and one label each. */
export interface Split {
  readonly labels: Uint8Array | Uint16Array;
  readonly count: number;
  /** Throws UserError where an image cannot be read. */
  readonly read: (index: number, view: View) => Promise<Image>;
}

export const SPLITS = ['train', 'validation', 'test'] as const;

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
  /** Of every image: networks see them padded with black. Null where images have sizes of their own and are scaled to the network's. */
  readonly imageSize: readonly [height: number, width: number] | null;
  /** By which each channel is normalised, in 0..1: of the training images, or of what they were drawn from. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly splits: Readonly<Record<SplitName, Split>>;
}

/** Images ready for a network, batch x channels x height x width in float32, and their labels. */
export interface Batch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly count: number;
  /** Where images are mixtures: the labels of the second images, and the share of the first, 0..1. */
  readonly mixed?: { readonly labels: Int32Array; readonly shares: Float32Array };
}
