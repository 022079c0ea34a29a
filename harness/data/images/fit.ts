/** How images that all have one size come to the size that networks see. */
import { UserError } from '../../user/user-error.js';
import type { Dataset, Split } from '../dataset.js';
import { resampler } from './resample.js';

/** pad: black around them; scale: resampled; crop: their centre alone. */
export const FITS = ['pad', 'scale', 'crop'] as const;

/** How images of one size come to the size that networks see; one of `FITS`. */
export type Fit = (typeof FITS)[number];

/** Where nothing is said, images are padded to at most so many times their height and width. */
const MOST_PADDING = 2;

/**
 * Throws UserError where the images cannot come to this size in this way; and where nothing is said, and they would lose pixels or be
 * surrounded by mostly black.
 */
export const requireFit = ({ id, imageSize }: Dataset, size: number, fit?: Fit): void => {
  if (imageSize === null) {
    if (fit === undefined) return;
    throw new UserError(
      `The images of ${id} vary in size and are always scaled and cropped to ${size}x${size}.`,
      'Remove data.fit.',
    );
  }
  const images = `the ${imageSize.join('x')} images of ${id}`;
  const [smaller, larger] = [Math.min(...imageSize), Math.max(...imageSize)];
  if (fit === 'crop' && size > smaller) {
    throw new UserError(
      `Nothing to crop: size ${size} is no smaller than ${images}.`,
      "Set data.fit to 'pad' or 'scale', or choose a smaller size.",
    );
  }
  if (fit !== 'scale' && fit !== 'crop' && size < larger) {
    throw new UserError(
      `Size ${size} is too small for ${images}.`,
      `Set data.fit to 'scale' (resample) or 'crop' (keep only the centre), or choose a size of at least ${larger}.`,
    );
  }
  if (fit === undefined && size > MOST_PADDING * larger) {
    const black = 1 - (smaller * larger) / size ** 2;
    throw new UserError(
      `Size ${size} pads ${images} with black: ${(100 * black).toFixed(0)} % of the input would be padding.`,
      "Set data.fit to 'pad' if that is intended, or to 'scale'.",
    );
  }
};

/** The data set with its images resampled to `size`, where `fit` says so; otherwise as it is. */
export const fitted = (dataset: Dataset, size: number, fit?: Fit): Dataset => {
  const { imageSize, channels, splits } = dataset;
  if (fit !== 'scale' || imageSize === null) return dataset;
  const resample = resampler(imageSize, channels, size);
  const scaled = (split: Split): Split =>
    'read' in split ? { ...split, read: (index) => resample(split.read(index)) } : split;
  return {
    ...dataset,
    imageSize: [size, size],
    splits: {
      train: scaled(splits.train),
      validation: scaled(splits.validation),
      test: scaled(splits.test),
    },
  };
};
