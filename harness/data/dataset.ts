import type { MapShape } from '../graph/shape.js';

/** Images of one split in memory: bytes in C x H x W order, image after image, and one label each. */
export interface Split {
  readonly images: Uint8Array;
  readonly labels: Uint8Array | Uint16Array;
  readonly count: number;
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
  /** Stored size; networks may see it padded with black. */
  readonly shape: MapShape;
  /** Mean and standard deviation per channel of the training images, in 0..1. */
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
