/** Images ready for a network, batch x channels x height x width in float32, and their labels. */
export interface Batch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly count: number;
  /** Where images are mixtures: the labels of the second images, and the share of the first, 0..1. */
  readonly mixed?: { readonly labels: Int32Array; readonly shares: Float32Array };
}
