import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { requireFile } from '../../../files/regular-file.js';
import { transformCache } from '../../../files/transform-cache.js';
import { ownModule } from '../../../package/own-module.js';
import { UserError } from '../../../user/user-error.js';
import { framesOf, userFrame } from '../../../user/user-frame.js';

/**
 * The default export of a user's TypeScript or JavaScript file, which sees this very library under the name `lightbench`, wherever it
 * lies. Throws UserError where it is no file, does not load or has no default export.
 */
export const importDefault = async (path: string): Promise<unknown> => {
  const file = resolve(path);
  await requireFile(file, { remedy: 'Name a file of TypeScript or JavaScript.' });
  const lightbench: unknown = await import(ownModule('../../../../index', import.meta.url).href);
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, {
    fsCache: await transformCache(),
    virtualModules: { lightbench },
  });
  try {
    const loaded = await jiti.import(file);
    if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return await loaded.default;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${file} cannot be loaded: ${reasonOf(error, file)}.`,
      'Fix the file; it must be TypeScript or JavaScript with a default export.',
    );
  }
  throw new UserError(
    `${file} has no default export.`,
    'Put `export default` before the suite or part that it defines.',
  );
};

/**
 * What `read` makes of a file's default export. What functions and getters of a user's code throw meanwhile is a UserError, which names
 * the file and the place; an error of lightbench's own code is thrown on unchanged.
 */
export const readingExport = <T>(file: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    const isOurs = error instanceof Error && placeInStack(error) === undefined;
    if (isOurs || error instanceof UserError) throw error;
    throw new UserError(`${file} cannot be read: ${reasonOf(error, file)}.`, 'Fix the file.');
  }
};

/** The first line of the message, with the place of the mistake: file and line, the file where it is another than the one that is loaded. */
const reasonOf = (error: unknown, loaded: string): string => {
  const { message } = error instanceof Error ? error : { message: textOf(error) };
  const [reason = '', where = ''] = message.split('\n');
  const text = reason.trim().replace(/\.$/, '');
  const place = placeInText(where) ?? (error instanceof Error ? placeInStack(error) : undefined);
  if (place === undefined) return text;
  return `${text} (${place.file === loaded ? '' : `${place.file}, `}${place.at})`;
};

/** Of what was thrown and is no error. */
const textOf = (thrown: unknown): string =>
  typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 0 });

interface Place {
  readonly file: string;
  readonly at: string;
}

/** Of a syntax error, whose message ends in it. */
const placeInText = (text: string): Place | undefined => {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(text.trim()) ?? [];
  return file === undefined ? undefined : { file, at: `line ${line}, column ${column}` };
};

const placeInStack = (error: Error): Place | undefined => {
  const frame = userFrame(framesOf(error));
  return frame && { file: frame.file, at: `line ${frame.line}` };
};
