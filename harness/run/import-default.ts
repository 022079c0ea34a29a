import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import { ownModule } from '../own-module.js';
import { UserError } from '../user-error.js';

/**
 * The default export of a user's TypeScript or JavaScript file, which sees this very library under the name `lightbench`, wherever it
 * lies. Throws UserError where the file does not load.
 */
export const importDefault = async (path: string): Promise<unknown> => {
  const file = resolve(path);
  const lightbench: unknown = await import(ownModule('../../index', import.meta.url).href);
  const jiti = createJiti(import.meta.url, { virtualModules: { lightbench } });
  try {
    return await jiti.import(file, { default: true });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UserError(
      `${file} cannot be loaded: ${reason}`,
      'Correct the file; it is TypeScript or JavaScript with a default export.',
    );
  }
};
