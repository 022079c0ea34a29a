import { constants, type Dirent } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileError } from '../../harness/files/system-error.js';
import { RUN_FILES } from '../run/load-run.js';

/** A folder that looks like that of a run and is none. */
export interface Skipped {
  readonly folder: string;
  readonly problem: string;
}

export interface FoundRuns {
  readonly folders: readonly string[];
  readonly skipped: readonly Skipped[];
}

/**
 * The run folders among these folders and beneath them, sorted. A folder with a plan or a journal is one of a run; it is skipped where
 * the other files are missing or cannot be read. Links to folders, hidden folders and node_modules are passed over.
 * @throws UserError where one of the folders given cannot be read.
 */
export const findRuns = async (roots: readonly string[]): Promise<FoundRuns> => {
  const found = new Map<string, string>();
  const skipped: Skipped[] = [];
  const visit = async (folder: string, entries: readonly Dirent[]): Promise<void> => {
    const files = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
    if (files.has(RUN_FILES.plan) || files.has(RUN_FILES.journal)) {
      const unreadable = await unreadableFiles(folder, files);
      if (unreadable.length === 0) found.set(resolve(folder), folder);
      else skipped.push({ folder, problem: `no readable ${unreadable.join(', ')}` });
      return;
    }
    await Promise.all(
      entries
        .filter(
          (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
        )
        .map(async ({ name }) => {
          const inner = join(folder, name);
          const within = await readdir(inner, { withFileTypes: true }).catch(() => null);
          if (within === null) skipped.push({ folder: inner, problem: 'cannot be read' });
          else await visit(inner, within);
        }),
    );
  };
  for (const root of roots) await visit(root, await rootEntries(root));
  return { folders: [...found.values()].toSorted(), skipped };
};

const rootEntries = async (root: string): Promise<readonly Dirent[]> => {
  try {
    return await readdir(root, { withFileTypes: true });
  } catch (error) {
    throw fileError(error, {
      path: root,
      use: 'read',
      remedy: 'Name a folder that holds run folders; lightbench run writes them into runs.',
    });
  }
};

const unreadableFiles = async (folder: string, files: ReadonlySet<string>): Promise<string[]> => {
  const unreadable: string[] = [];
  for (const name of Object.values(RUN_FILES)) {
    const readable = await access(join(folder, name), constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!files.has(name) || !readable) unreadable.push(name);
  }
  return unreadable;
};
