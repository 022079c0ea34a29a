import { UserError } from './user-error.js';

/** Case does not count. Throws UserError where the text is no regular expression. */
export const toPattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `"${text}" is not a valid pattern: ${reason}.`,
      'Use part of a name, or a regular expression.',
    );
  }
};
