/** How much room a label takes, and labels that keep to a room. */
import { shorten } from '../text/words.js';
import { LABEL_SIZE } from './frame.js';

/** An estimate, for fonts of usual width: text is drawn by the reader's browser. */
export const textWidth = (text: string): number =>
  [...text].reduce(
    (width, character) =>
      width + LABEL_SIZE * (WIDE.test(character) ? 1 : NARROW.test(character) ? 0.34 : 0.6),
    0,
  );

const WIDE = /[MWm@%=+−<>…\u1100-\u{10ffff}]/u;
const NARROW = /[ijlt.,:;'|!()[\]/]/;

/** The text, shortened until it is no wider than so many pixels. */
export const fitted = (text: string, width: number): string => {
  for (let length = [...text].length; length > 3; length--) {
    const label = shorten(text, length);
    if (textWidth(label) <= width) return label;
  }
  return shorten(text, 3);
};
