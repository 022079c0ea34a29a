/** What becomes of the training images in an epoch: it depends on seed, epoch and image alone, and so is equal under every candidate. */
import { type RandomStream, randomStream } from '../../random.js';
import type { Recipe } from '../../recipe/recipe.js';

export interface Change {
  readonly mirrored: boolean;
  /** Pixels. */
  readonly down: number;
  readonly right: number;
  readonly erased: Rectangle | null;
}

/** On the canvas that the network sees, in pixels. */
export interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** An image of a split, by its index, and what becomes of it. */
export interface DrawnImage {
  readonly index: number;
  /** What a random crop is drawn from, or null where there is none. */
  readonly crop: RandomStream | null;
  readonly change: Change;
}

/** The images of a batch, and those that are mixed into them where the recipe has mixup. */
export interface DrawnBatch {
  readonly images: readonly DrawnImage[];
  readonly mixed: { readonly images: readonly DrawnImage[]; readonly shares: Float32Array } | null;
}

export const UNCHANGED: Change = { mirrored: false, down: 0, right: 0, erased: null };

/** As evaluation shows it. */
export const asItIs = (index: number): DrawnImage => ({ index, crop: null, change: UNCHANGED });

export interface EpochOptions {
  readonly seed: number;
  readonly epoch: number;
  /** Height and width that the network sees. */
  readonly size: number;
  readonly augmentation: Recipe['augmentation'];
}

/** One change for every image. */
export const drawChanges = (
  count: number,
  { seed, epoch, size, augmentation: { flip, shift, erase } }: EpochOptions,
): readonly Change[] => {
  if (!flip && shift === 0 && erase === 0) return Array.from({ length: count }, () => UNCHANGED);
  const moves = randomStream(seed, 'augmentation', epoch);
  const erasing = randomStream(seed, 'erasing', epoch);
  return Array.from({ length: count }, () => ({
    mirrored: moves.uniform() < 0.5 && flip,
    down: moves.integer(-shift, shift),
    right: moves.integer(-shift, shift),
    erased: erase > 0 && erasing.uniform() < erase ? drawRectangle(erasing, size) : null,
  }));
};

/** What the random crop of an image is drawn from, or null where the recipe has none. */
export const randomCrop = (
  index: number,
  { seed, epoch, augmentation: { crop } }: EpochOptions,
): RandomStream | null => (crop === 'shift' ? null : randomStream(seed, 'crop', epoch, index));

export interface Mixing {
  /** For every image the one that is mixed into it, one of those used. */
  readonly partners: Uint32Array;
  /** The image's own share of the mixture. */
  readonly shares: Float32Array;
}

/** Mixup (Zhang et al. 2018, arXiv:1710.09412), image by image, of the images used; null where the recipe has none. */
export const drawMixing = (
  count: number,
  used: Uint32Array,
  { seed, epoch, augmentation: { mixup } }: EpochOptions,
): Mixing | null => {
  if (mixup === 0) return null;
  const order = randomStream(seed, 'mixup partners', epoch).permutation(used.length);
  const partners = new Uint32Array(count);
  used.forEach((index, position) => {
    partners[index] = used[order[position] ?? position] ?? index;
  });
  const sharing = randomStream(seed, 'mixup shares', epoch);
  return { partners, shares: Float32Array.from({ length: count }, () => sharing.beta(mixup)) };
};

/** Shares of the canvas, and height by width, that are erased: those of the paper. */
const AREA = [0.02, 0.4] as const;
const LEAST_ASPECT = 0.3;
const ATTEMPTS = 10;

/** Random erasing (Zhong et al. 2017, arXiv:1708.04896); null where no rectangle drawn fits the canvas. */
const drawRectangle = (stream: RandomStream, size: number): Rectangle | null => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const area = size * size * between(stream, ...AREA);
    const aspect = Math.exp(between(stream, Math.log(LEAST_ASPECT), -Math.log(LEAST_ASPECT)));
    const [height, width] = [Math.round(Math.sqrt(area * aspect)), Math.round(Math.sqrt(area / aspect))];
    if (height === 0 || width === 0 || height > size || width > size) continue;
    return {
      top: stream.integer(0, size - height),
      left: stream.integer(0, size - width),
      height,
      width,
    };
  }
  return null;
};

const between = (stream: RandomStream, low: number, high: number): number =>
  low + (high - low) * stream.uniform();
