import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A module of this package, by its path without extension from the module that asks: `.js` in dist, `.ts` in the sources. */
export const ownModule = (path: string, from: string): URL =>
  new URL(`${path}${extname(fileURLToPath(from))}`, from);

/** What Node needs to run a module, in whatever folder: sources run through jiti, dist as it is. */
export const loaderOptions = (module: URL): readonly string[] =>
  module.pathname.endsWith('.ts') ? ['--import', import.meta.resolve('jiti/register')] : [];
