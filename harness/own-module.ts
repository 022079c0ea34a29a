import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A module of this package, by its path without extension from the module that asks: `.js` in dist, `.ts` in the sources. */
export const ownModule = (path: string, from: string): URL =>
  new URL(`${path}${extname(fileURLToPath(from))}`, from);
