/** For expressions: the joiner that makes one emoji of two. Anywhere else it is an invisible character like others. */
export const EMOJI_JOINER = String.raw`(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)\u200d(?=\p{Extended_Pictographic})`;

/**
 * What a terminal or a spreadsheet would obey rather than show: control characters, text-direction overrides and other invisible ones,
 * halves of characters, separators of lines and paragraphs.
 */
const OBEYED = new RegExp(String.raw`(?!${EMOJI_JOINER})[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]`, 'gu');

/** The text with such characters written out, as `\u001b`. */
export const visible = (text: string): string => text.replace(OBEYED, writtenOut);

/** The same, with its line breaks. */
export const visibleLines = (text: string): string =>
  text.replace(OBEYED, (character) => (character === '\n' ? character : writtenOut(character)));

/** As JSON writes it: one or two units of 16 bits. */
const writtenOut = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => {
    return `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }).join('');
