/** Text that came from users and engines, made safe to show: what it says stays, what it could do to a terminal or a layout goes. */
import { stripVTControlCharacters } from 'node:util';

/** Escape sequences, control characters and text-direction overrides removed; line breaks stay. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ' ');

/** `printable` on one line. */
export const plainText = (text: string): string => printable(text).replace(/\s+/gu, ' ').trim();

/** At most `length` characters, with an ellipsis for what was left out of the middle: names often differ at their end. */
export const shorten = (text: string, length: number): string => {
  const characters = [...text];
  if (characters.length <= length) return text;
  const tail = Math.floor((length - 1) * 0.45);
  return `${characters.slice(0, length - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
};

/** The texts in their order, told apart by a number where two of them are the same. */
export const distinct = (texts: readonly string[]): string[] => {
  const used = new Set<string>();
  return texts.map((text) => {
    let unique = text;
    for (let count = 2; used.has(unique); count++) unique = `${text} (${count})`;
    used.add(unique);
    return unique;
  });
};

/** `a`, `a and b`, `a, b and c`. */
export const listed = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
