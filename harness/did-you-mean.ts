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
  wanted === known ? 0 : known.startsWith(wanted) && wanted.length >= 3 ? BEGUN : distance(wanted, known);

const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const orList = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
