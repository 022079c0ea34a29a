/** Names and lists as reports write them. */

/** At most `length` characters, with an ellipsis for what was left out of the middle: names often differ at their end. */
export const shorten = (text: string, length: number): string => {
  const characters = [...text];
  if (characters.length <= length) return text;
  const tail = Math.floor((length - 1) * 0.45);
  return `${characters.slice(0, length - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`;
};

/**
 * The texts, each at most `length` characters. Where one is longer, what all begin or end with is left out first, for it tells none from
 * another; and again of those that are still alike.
 */
export const distinctive = (texts: readonly string[], length: number): string[] => {
  const short = withoutShared(texts, length);
  return short.map((text, index) => {
    const alike = texts.filter((_, other) => short[other] === text);
    const own = texts[index] ?? text;
    return alike.length < 2 || alike.length === texts.length
      ? text
      : (withoutShared(alike, length)[alike.indexOf(own)] ?? text);
  });
};

const withoutShared = (texts: readonly string[], length: number): string[] => {
  if (texts.length < 2 || texts.every((text) => [...text].length <= length)) {
    return texts.map((text) => shorten(text, length));
  }
  const shared = texts.map((text) => [...text]);
  const start = boundaryBefore(shared, commonLength(shared));
  const ends = shared.map((text) => text.slice(start).toReversed());
  const end = boundaryBefore(ends, commonLength(ends));
  const cut = (before: number, after: number): string[] =>
    shared.map((text) => {
      const own = text
        .slice(before, text.length - after)
        .join('')
        .trim();
      return `${before > 0 ? '…' : ''}${own}${after > 0 ? '…' : ''}`;
    });
  const fits = (cuts: readonly string[]): boolean => cuts.every((text) => [...text].length <= length);
  const cuts = [cut(0, end), cut(start, 0)].find(fits) ?? cut(start, end);
  return withoutUnopened(cuts).map((text) => shorten(text, length));
};

/** Without the bracket at their ends whose beginning was left out of all of them. */
const withoutUnopened = (texts: readonly string[]): readonly string[] =>
  texts.every((text) => text.endsWith(')') && text.split(')').length > text.split('(').length)
    ? texts.map((text) => text.slice(0, -1))
    : texts;

const commonLength = ([first = [], ...others]: readonly (readonly string[])[]): number => {
  const end = first.findIndex((character, at) => others.some((other) => other[at] !== character));
  return end < 0 ? first.length : end;
};

/** Words stay whole, in each of the texts; two or three characters are not worth an ellipsis. */
const boundaryBefore = (texts: readonly (readonly string[])[], length: number): number => {
  const isWithinWord = (end: number): boolean =>
    texts.some((text) => isOfWord(text[end - 1]) && isOfWord(text[end]));
  let end = length;
  while (end > 0 && isWithinWord(end)) end -= 1;
  return end > 3 ? end : 0;
};

const isOfWord = (character = ''): boolean => /[\p{L}\p{N}_-]/u.test(character);

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

/** `1 trial`, `3 trials`, `2 to 3 trials`; `many` where it takes more than an s. */
export const plural = (count: number | string, noun: string, many = `${noun}s`): string =>
  `${count} ${`${count}` === '1' ? noun : many}`;

/** `50 s`, `34 min`, `5.2 h`, `3.1 days`. */
export const timeText = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
};

/** In lines of at most `width` characters, broken at spaces; all but the first begin with the indent. A longer word stays whole. */
export const wrapped = (text: string, width: number, indent = ''): string => {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
};
