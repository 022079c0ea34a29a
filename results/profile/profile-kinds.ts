/** The kinds of costs, and what onnxruntime does by itself to change how channels lie in memory. */
export const PROFILE_KINDS = [
  'pointwise',
  'depthwise',
  'convolution',
  'linear',
  'attention',
  'normalization',
  'other',
  'layout',
] as const;

export type ProfileKind = (typeof PROFILE_KINDS)[number];
