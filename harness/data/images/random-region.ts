import type { RandomStream } from '../../random.js';

/** A rectangle of whole pixels within an image. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LEAST_AREA = 0.08;
const WIDEST = 4 / 3;
const TRIES = 10;

/**
 * A region of 8 to 100 % of the image's area, uniform, whose ratio of width to height is 3/4 to 4/3, uniform in its logarithm, anywhere
 * (Szegedy et al. 2015, arXiv:1409.4842). Where ten such draws do not fit into the image: as much of its centre as has a ratio within
 * these bounds.
 */
export const randomRegion = (width: number, height: number, stream: RandomStream): Region => {
  for (let i = 0; i < TRIES; i += 1) {
    const area = width * height * (LEAST_AREA + (1 - LEAST_AREA) * stream.uniform());
    const ratio = WIDEST ** (2 * stream.uniform() - 1);
    const w = Math.round(Math.sqrt(area * ratio));
    const h = Math.round(Math.sqrt(area / ratio));
    if (w < 1 || h < 1 || w > width || h > height) continue;
    return { left: stream.integer(0, width - w), top: stream.integer(0, height - h), width: w, height: h };
  }
  const w = Math.min(width, Math.max(1, Math.round(height * WIDEST)));
  const h = Math.min(height, Math.max(1, Math.round(width * WIDEST)));
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
};
