/**
 * From an image file to the bytes that a network sees, red, green and blue at each pixel. Scaled with a triangle filter as wide as the
 * scale asks for, as usual in training on ImageNet. Transparency and the orientation noted by a camera are not heeded.
 */
import sharp, { type Sharp } from 'sharp';
import { UserError } from '../../user/user-error.js';
import type { Shown, View } from '../dataset.js';
import type { Box, Pixels } from '../scaling/kernel.js';
import { isBmp, readBmp } from './bmp.js';
import type { ImageFiles } from './image-files.js';
import { type ImageSize, shownRegion } from './shown-region.js';

// Images are decoded side by side, a thread each, and none is wanted twice in a row.
sharp.concurrency(1);
sharp.cache(false);
// Other formats may cost any amount of memory and time, as an SVG of a few bytes does, whatever the file is called.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif'].map((format) => `VipsForeignLoad${format}`),
});

/**
 * The name of the rule by which files become pixels: to be changed whenever they become others. Rule 1 scaled in libvips, and rounded to
 * bytes after each direction.
 */
export const DECODING = 'region-2';

/**
 * What a network is shown of an image. Only the rows down to the end of the region are decoded, and
 * where the region has at least twice the target's pixels each way, as many fewer as a power of two gives, at once by the JPEG decoder.
 * `whole` is the size of the image. Throws UserError naming the file where it cannot be decoded as far as it is shown.
 */
export const decode = async (
  files: ImageFiles,
  file: string,
  whole: ImageSize,
  { crop, size }: View,
): Promise<Shown> => {
  try {
    return await decodedRegion(await files.read(file), whole, shownRegion(whole, crop), size);
  } catch (error) {
    throw unreadable(files.pathOf(file), error);
  }
};

/** The pixels of a region, at least `size` each way where it has as many, and where it lies among them. */
const decodedRegion = async (
  bytes: Uint8Array,
  whole: ImageSize,
  region: Box,
  size: number,
): Promise<Shown> => {
  const factor = 2 ** Math.max(0, Math.floor(Math.log2(Math.min(region.width, region.height) / size)));
  const source = await sourceOf(bytes);
  const reduced = {
    width: Math.max(1, Math.floor(whole.width / factor)),
    height: Math.max(1, Math.floor(whole.height / factor)),
  };
  if (factor > 1) source.resize(reduced.width, reduced.height, { fit: 'fill', kernel: 'linear' });
  const box = scaled(region, reduced.width / whole.width, reduced.height / whole.height);
  const { left, top, width, height } = hullOf(box, reduced);
  const pixels = await source
    .extract({ left, top, width, height })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return {
    pixels: { bytes: pixels, width, height },
    box: { ...box, left: box.left - left, top: box.top - top },
  };
};

const scaled = ({ left, top, width, height }: Box, across: number, down: number): Box => ({
  left: left * across,
  top: top * down,
  width: width * across,
  height: height * down,
});

/** The whole pixels that a box touches, within the image. */
const hullOf = ({ left, top, width, height }: Box, within: ImageSize): Box => {
  const [x, y] = [Math.floor(left), Math.floor(top)];
  return {
    left: x,
    top: y,
    width: Math.min(Math.ceil(left + width), within.width) - x,
    height: Math.min(Math.ceil(top + height), within.height) - y,
  };
};

/**
 * An image file as rows of red, green and blue, its shorter side brought down to `shortSide` pixels where it has more. Throws UserError
 * naming the file where it cannot be decoded.
 */
export const rowsOf = async (files: ImageFiles, file: string, shortSide: number | null): Promise<Pixels> => {
  try {
    const source = await sourceOf(await files.read(file));
    if (shortSide !== null) {
      source.resize(shortSide, shortSide, { fit: 'outside', kernel: 'linear', withoutEnlargement: true });
    }
    const { data, info } = await source
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch (error) {
    throw unreadable(files.pathOf(file), error);
  }
};

/** Its size. Throws UserError naming the file where its bytes are not those of one whole JPEG, PNG, WebP, TIFF, GIF or BMP image of a bounded size. */
export const requireImage = async (bytes: Uint8Array, file: string): Promise<ImageSize> => {
  if (bytes.length === 0) throw new UserError(`${file} is empty.`, REMEDY);
  try {
    const source = await sourceOf(bytes);
    const { pages = 1, width, height, depth } = await source.metadata();
    if (pages > 1) throw new UserError(`${file} is an animation of ${pages} frames.`, REMEDY);
    if (!DEPTHS.has(depth)) {
      throw new UserError(
        `${file} has values of type ${depth}, of which nothing says what is white.`,
        'Convert it to 8 or 16 bits a value.',
      );
    }
    // Every row is decoded, and as few pixels are made of them as there may be.
    await source.resize(1, 1, { fit: 'fill' }).raw().toBuffer();
    return { width, height };
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(file, error);
  }
};

const sourceOf = async (bytes: Uint8Array): Promise<Sharp> => {
  if (!isBmp(bytes)) return sharp(bytes, OPTIONS);
  const { bytes: rows, width, height } = await readBmp(bytes, MOST_PIXELS);
  return sharp(rows, { ...OPTIONS, raw: { width, height, channels: 3 } });
};

/** Of the values, as the image library calls them: of others, as in TIFFs of floats, it takes no range. */
const DEPTHS: ReadonlySet<string> = new Set(['uchar', 'ushort']);

const MOST_PIXELS = 100e6;

/** What only deviates from its format is decoded, as some of ImageNet's files do. */
const OPTIONS = { failOn: 'error', limitInputPixels: MOST_PIXELS } as const;

const REMEDY = 'Replace the file, or remove it from the folder.';

const unreadable = (file: string, error: unknown): UserError => {
  if (error instanceof UserError) return error;
  const [message = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  const reason = CLEARER.find(([words]) => message.includes(words))?.[1] ?? message;
  return new UserError(`${file} cannot be read as an image: ${reason}.`, REMEDY);
};

/** Where the decoder's own words are not plain. */
const CLEARER: readonly (readonly [theirs: string, ours: string])[] = [
  ['unsupported image format', 'it is no JPEG, PNG, WebP, TIFF, GIF or BMP'],
  ['Unknown error', 'it is damaged'],
  ['exceeds pixel limit', `it has more than ${MOST_PIXELS / 1e6} million pixels`],
];
