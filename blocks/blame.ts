/** Whose mistake an error is that ends the building of a part, and where it was made. */
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shown } from '../harness/graph/domain.js';
import { UserError } from '../harness/user-error.js';

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

/** `file:line:column`: the innermost of the author's lines between the error and this file. */
const placeInAuthorsCode = (error: Error): string | undefined => {
  const frames = framesOf(error);
  const end = frames.findIndex(({ file }) => file === THIS_FILE);
  const authors = frames.slice(0, end < 0 ? frames.length : end).find(({ file }) => !isLibrary(file));
  return authors && `${authors.file}:${authors.line}`;
};

interface Frame {
  readonly file: string;
  /** Line and column, `12:5`. */
  readonly line: string;
}

const FRAME = /^\s+at (?:.*? \()?(.+?):(\d+:\d+)\)?$/;

const framesOf = ({ stack = '' }: Error): readonly Frame[] =>
  stack.split('\n').flatMap((text) => {
    const [, file, line] = FRAME.exec(text) ?? [];
    if (file === undefined || line === undefined) return [];
    return [{ file: file.startsWith('file:') ? fileURLToPath(file) : file, line }];
  });

const THIS_FILE = fileURLToPath(import.meta.url);

const ROOT = dirname(dirname(THIS_FILE));

const OURS = ['blocks', 'harness'].map((folder) => join(ROOT, folder, sep));

const isLibrary = (file: string): boolean =>
  file.startsWith('node:') ||
  file.includes(`${sep}node_modules${sep}`) ||
  OURS.some((folder) => file.startsWith(folder));
