/**
 * The kinds in which the paper's Fig. 1 splits a network. Pointwise: 1x1 convolutions, grouped ones included. Depthwise: one
 * input channel per group, whatever the kernel. Convolution: every other convolution. Attention, which the paper's networks
 * lack: products of two maps.
 */
export const COST_KINDS = [
  'pointwise',
  'depthwise',
  'convolution',
  'linear',
  'attention',
  'normalization',
  'other',
] as const;

/** One of `COST_KINDS`. */
export type CostKind = (typeof COST_KINDS)[number];
