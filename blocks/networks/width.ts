/** How the published families scale and round their widths. */
import { z } from 'zod';

/** The width multiplier of a family; `rule` says how it rounds, below `least` nothing is left of a layer. */
export const widthOption = (rule: string, least = 0.1) =>
  z.number().min(least).max(8).default(1).describe(`Width multiplier. ${rule}`);

/**
 * The nearest multiple of `divisor`, at least one, and the next above where that would lose more than a tenth (the rule of
 * TensorFlow's MobileNets).
 */
export const makeDivisible = (value: number, divisor = 8): number => {
  const nearest = Math.max(divisor, Math.floor((value + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * value ? nearest + divisor : nearest;
};

/** The depth multiplier of a family. */
export const depthOption = (standard: number) =>
  z
    .number()
    .min(0.1)
    .max(8)
    .default(standard)
    .describe('Depth multiplier: blocks in each stage, rounded up.');

/** Of networks whose last layer was made wide for 1000 classes. */
export const headWidthOption = {
  headWidth: z
    .int()
    .min(1)
    .optional()
    .describe('Channels of the last layer before the classifier; by default as published.'),
};
