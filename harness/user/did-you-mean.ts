/** What a user probably meant by a name that is not known. */
import { distance } from 'fastest-levenshtein';

/** Edits that a name may be away, as a share of its length. */
const TOLERANCE = 0.34;

const MOST = 3;

/**
 * The remedy for an unknown name: `Did you mean mobilenet-v2?`, or, where nothing is like it, `otherwise`. Case, hyphens and the like do
 * not count, nor does what a name is continued by: `MobileNet-V2` is mobilenet-v2, `mobilenet` any of its versions.
 */
export const didYouMean = (name: string, known: readonly string[], otherwise: string): string => {
  const near = nearest(name, known);
  return near.length === 0 ? otherwise : `Did you mean ${orList(near)}?`;
};

const nearest = (name: string, known: readonly string[]): readonly string[] => {
  const wanted = letters(name);
  if (wanted === '') return [];
  const rated = known.map((one) => ({ one, edits: editsBetween(wanted, letters(one)) }));
  const least = Math.min(...rated.map(({ edits }) => edits));
  if (least > TOLERANCE * wanted.length) return [];
  return rated
    .filter(({ edits }) => edits === least)
    .map(({ one }) => one)
    .slice(0, MOST);
};

/** A name that is only begun is nearer than one with a mistake. */
const BEGUN = 0.5;

const editsBetween = (wanted: string, known: string): number =>
  wanted === known
    ? 0
    : known.startsWith(wanted) && wanted.length >= 3
      ? BEGUN
      : Math.min(distance(wanted, known), ...swapped(wanted).map((one) => 1 + distance(one, known)));

/** Two neighbours in each other's place are one mistake. */
const swapped = (text: string): readonly string[] =>
  Array.from({ length: text.length - 1 }, (_, i) => {
    const [before, a, b, after] = [text.slice(0, i), text[i], text[i + 1], text.slice(i + 2)];
    return `${before}${b}${a}${after}`;
  });

const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const orList = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** Names and the words in them, by which a pattern may choose them. */
export const withWords = (names: readonly string[]): readonly string[] => [
  ...new Set(names.flatMap((name) => [name, ...name.split(/[^A-Za-z0-9]+/)])),
];
