/**
 * How the published networks take small images: made for 224 pixels, they halve the map five times, which leaves a single pixel of 32.
 * The usual remedy takes strides away from the front, where the maps are large; the weights stay as they are.
 */
import { z } from 'zod';

const STEM_STRIDES = { imagenet: 2, small: 1 } as const;

export type Resolution = keyof typeof STEM_STRIDES;

/** The option of every network that has a published form. */
export const resolutionOption = {
  resolution: z
    .enum(['imagenet', 'small'])
    .default('imagenet')
    .describe(
      'Strides of the network. imagenet: as published; small: without the first stride, so that a 32-pixel image ends in a 2x2 map, as in LightNet’s small preset.',
    ),
};

/** Stride of the first layer; FasterNet’s, which joins patches, has twice this one. */
export const stemStride = (resolution: Resolution): number => STEM_STRIDES[resolution];
