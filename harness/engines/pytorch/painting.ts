/** What the Python process is told of images that it paints; see `python/painting.py`. */
import type { PlaceInFile, UnpaintedImages } from '../../data/batches/unpainted.js';
import type { PayloadArray } from './process.js';

/** What stands in the header. */
export interface Painting {
  readonly heights: readonly number[];
  readonly widths: readonly number[];
  readonly channels: number;
  readonly size: number;
  /** Source pixels of a target pixel. */
  readonly rowTaps: number;
  readonly columnTaps: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly erases: boolean;
  readonly mixes: boolean;
  /** Where the pixels lie, unless they are sent: see `python/located.py`. */
  readonly located?: PlaceInFile;
}

export const paintRequest = ({
  pixels,
  heights,
  widths,
  channels,
  size,
  rows,
  columns,
  normalisation,
  erased,
  shares,
}: UnpaintedImages): { readonly painting: Painting; readonly payload: readonly PayloadArray[] } => ({
  painting: {
    heights: [...heights],
    widths: [...widths],
    channels,
    size,
    rowTaps: rows.width,
    columnTaps: columns.width,
    mean: normalisation.mean,
    deviation: normalisation.deviation,
    erases: erased !== null,
    mixes: shares !== null,
    ...(pixels.kind === 'located' ? { located: pixels.place } : {}),
  },
  payload: [
    ...[rows.first, rows.weights, columns.first, columns.weights],
    ...(erased === null ? [] : [erased]),
    ...(shares === null ? [] : [shares]),
    ...(pixels.kind === 'sent' ? [pixels.bytes] : []),
  ],
});
