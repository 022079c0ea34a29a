import { plainText } from './text.js';

/** Names come from users: nothing of them is markup, math or a mention. */
export const markdownText = (text: string): string =>
  plainText(text).replace(/[\\`*_|[\]<>&#$@~]/g, (character) => `&#${character.charCodeAt(0)};`);
