import type { RandomStream } from '../../random.js';
import type { Box } from '../scaling/kernel.js';
import { randomRegion } from './random-region.js';

/** Pixels of an image. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Of the shorter side, what the crop of evaluation shows: 224 of 256 pixels. */
const SHOWN = 0.875;

/** What a network is shown of an image: a random region, or a square in the centre. */
export const shownRegion = ({ width, height }: ImageSize, crop: RandomStream | null): Box => {
  if (crop !== null) return randomRegion(width, height, crop);
  const side = SHOWN * Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side };
};
