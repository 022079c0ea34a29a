/** Text that came from users and engines, made safe to show: what it says stays, what it could do to a terminal or a layout goes. */
import { stripVTControlCharacters } from 'node:util';
import { EMOJI_JOINER } from '../../harness/user/visible.js';

/** Escape sequences, control characters and text-direction overrides removed; line breaks stay. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text).replace(/\r\n?/g, '\n').replace(UNPRINTABLE, ' ');

const UNPRINTABLE = new RegExp(String.raw`(?!\n|${EMOJI_JOINER})[\p{Cc}\p{Cf}\p{Co}\p{Cs}]`, 'gu');

/** `printable` on one line. */
export const plainText = (text: string): string => printable(text).replace(/\s+/gu, ' ').trim();
