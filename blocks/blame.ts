/** Whose mistake an error is that ends the building of a part, and where it was made. */
import { fileURLToPath } from 'node:url';
import { shown } from '../harness/graph/domain.js';
import { UserError } from '../harness/user/user-error.js';
import { framesOf, userFrame } from '../harness/user/user-frame.js';

/**
 * What `build` gives. What goes wrong inside is told with the part's id: a UserError as it is, any other error of the author's code with
 * the file and line of that code. An error of lightbench's own code is thrown on unchanged.
 */
export const blaming = <T>(id: string, build: () => T): T => {
  try {
    return build();
  } catch (error) {
    if (error instanceof UserError) throw named(id, error);
    if (!(error instanceof Error)) {
      throw new UserError(
        `${id}: its build function threw ${shown(error)}, which is not an Error.`,
        'Throw an Error.',
      );
    }
    const place = placeInAuthorsCode(error);
    if (place === undefined) throw error;
    throw new UserError(
      `${id}: its build function failed at ${place}: ${error.message.replace(/\.$/, '')}.`,
      'Fix the part.',
    );
  }
};

const named = (id: string, error: UserError): UserError =>
  error.message.split(/[: ]/, 1)[0] === id ? error : new UserError(`${id}: ${error.message}`, error.remedy);

/** `file:line`: the innermost of the author's lines between the error and this file. */
const placeInAuthorsCode = (error: Error): string | undefined => {
  const frames = framesOf(error);
  const end = frames.findIndex(({ file }) => file === THIS_FILE);
  const authors = userFrame(frames.slice(0, end < 0 ? frames.length : end));
  return authors && `${authors.file}:${authors.line}`;
};

const THIS_FILE = fileURLToPath(import.meta.url);
