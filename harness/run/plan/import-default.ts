import { resolve } from 'node:path';
import { ownModule } from '../../own-module.js';
import { requireFile } from '../../regular-file.js';
import { transformCache } from '../../transform-cache.js';
import { UserError } from '../../user-error.js';

/**
 * The default export of a user's TypeScript or JavaScript file, which sees this very library under the name `lightbench`, wherever it
 * lies. Throws UserError where it is no file, does not load or has no default export.
 */
export const importDefault = async (path: string): Promise<unknown> => {
  const file = resolve(path);
  await requireFile(file, { remedy: 'Name a file of TypeScript or JavaScript.' });
  const lightbench: unknown = await import(ownModule('../../../index', import.meta.url).href);
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, {
    fsCache: await transformCache(),
    virtualModules: { lightbench },
  });
  const loaded = await jiti.import(file).catch((error: unknown) => {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${file} cannot be loaded: ${reasonOf(error)}.`,
      'Fix the file; it must be TypeScript or JavaScript with a default export.',
    );
  });
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) {
    return loaded.default;
  }
  throw new UserError(
    `${file} has no default export.`,
    'Put `export default` before the suite or part that it defines.',
  );
};

/** The first line of the message; for a syntax error, which stands in the second line, also the place. */
const reasonOf = (error: unknown): string => {
  const [reason = '', where = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const place = /:(\d+):(\d+)$/.exec(where.trim());
  const text = reason.trim().replace(/\.$/, '');
  return place ? `${text} (line ${place[1]}, column ${place[2]})` : text;
};
