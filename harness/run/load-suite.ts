import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SUITES } from '../../suites/registry.js';
import { UserError } from '../user-error.js';
import { importDefault } from './import-default.js';
import { checkSuite, type Suite } from './suite-schema.js';

export interface LoadedSuite {
  readonly suite: Suite;
  /** Built-in id or absolute path: what loads the suite again in another process. */
  readonly source: string;
}

/**
 * A built-in suite by its id, or the default export of a TypeScript or JavaScript file. Throws UserError where there is none or it
 * is malformed.
 */
export const loadSuite = async (source: string): Promise<LoadedSuite> => {
  const builtIn = SUITES.find(({ id }) => id === source);
  if (builtIn) return { suite: checkSuite(builtIn, `The suite ${source}`), source };
  const file = resolve(source);
  if (!existsSync(file)) {
    throw new UserError(
      `There is no suite "${source}", and no file of that name.`,
      `Built-in suites: ${SUITES.map(({ id }) => id).join(', ')}. A suite of your own is named by its file: my-suite.ts.`,
    );
  }
  return { suite: checkSuite(await importDefault(file), file), source: file };
};
