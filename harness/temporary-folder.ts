import { rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from 'signal-exit';
import { fileError } from './system-error.js';

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * A new, empty folder `lightbench-<purpose>-...` for this user alone. It is removed when the process ends, by a signal too; only SIGKILL
 * leaves it. Throws UserError where it cannot be made.
 * @param beforeRemoval undoes what else points to it; it may not wait for anything.
 */
export const temporaryFolder = async (
  purpose: string,
  beforeRemoval: (path: string) => void = () => {},
): Promise<TemporaryFolder> => {
  const place = tmpdir();
  const path = await realpath(place)
    .then((real) => mkdtemp(join(real, `lightbench-${purpose}-`)))
    .catch((error: unknown) => {
      const remedy = 'Set TMPDIR to a folder that you may write to.';
      throw fileError(error, { path: place, use: 'written', remedy });
    });
  const clear = (): void => {
    beforeRemoval(path);
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  };
  const forget = onExit(clear);
  return {
    path,
    remove: () => {
      forget();
      clear();
    },
  };
};
