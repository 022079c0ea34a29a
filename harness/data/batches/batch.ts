import type { UnpaintedImages } from './unpainted.js';

/** Images ready for a network, batch x channels x height x width in float32 unless said otherwise, and their labels. */
export interface Batch<Images = Float32Array> {
  readonly images: Images;
  readonly labels: Int32Array;
  readonly count: number;
  /** Where images are mixtures: the labels of the second images, and the share of the first, 0..1. */
  readonly mixed?: { readonly labels: Int32Array; readonly shares: Float32Array };
}

/** The same with images that the engine paints. */
export type UnpaintedBatch = Batch<UnpaintedImages>;
