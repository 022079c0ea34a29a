/**
 * From an image file to the bytes that a network sees, red, green and blue at each pixel. Scaled with a triangle filter as wide as the
 * scale asks for, as usual in training on ImageNet. Transparency and the orientation noted by a camera are not heeded.
 */
import sharp, { type Sharp } from 'sharp';
import { UserError } from '../user-error.js';
import type { Image, View } from './dataset.js';
import { randomRegion } from './random-region.js';

// Images are decoded side by side, a thread each, and none is wanted twice in a row.
sharp.concurrency(1);
sharp.cache(false);

/** Of the shorter side, what the crop of evaluation shows: 224 of 256 pixels. */
const SHOWN = 0.875;

/** Throws UserError naming the file where it cannot be decoded as far as it is shown. */
export const decode = async (file: string, { size, crop }: View): Promise<Image> => {
  const scaled = async (): Promise<Sharp> => {
    const source = sharp(file, OPTIONS);
    if (crop === null) return scaledCentre(source, size);
    const { width, height } = await source.metadata();
    return source
      .extract(randomRegion(width, height, crop))
      .resize(size, size, { fit: 'fill', kernel: 'linear' });
  };
  const decoded = async (): Promise<Uint8Array> =>
    (await scaled()).removeAlpha().toColourspace('srgb').raw().toBuffer();
  const bytes = await decoded().catch((error: unknown) => {
    throw unreadable(file, error);
  });
  return { bytes, height: size, width: size, pixelStep: 3, channelStep: 1 };
};

/** Throws UserError where the bytes of a file do not begin as an image does. */
export const requireImage = async (bytes: Uint8Array, file: string): Promise<void> => {
  await sharp(bytes, OPTIONS)
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(file, error);
    });
};

/** What only deviates from its format is decoded, as some of ImageNet's files do. */
const OPTIONS = { failOn: 'error' } as const;

const scaledCentre = (source: Sharp, size: number): Sharp => {
  const shorter = Math.round(size / SHOWN);
  const margin = Math.floor((shorter - size) / 2);
  return source
    .resize(shorter, shorter, { fit: 'cover', kernel: 'linear' })
    .extract({ left: margin, top: margin, width: size, height: size });
};

const unreadable = (file: string, error: unknown): UserError => {
  const reason = (error instanceof Error ? error.message : String(error)).trim();
  return new UserError(
    `${file} cannot be read as an image: ${reason}.`,
    'Replace the file, or remove it from the folder.',
  );
};
