/** What lies in a folder and those within it. */
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface BeneathOptions {
  /** Whether links to folders are followed. */
  readonly follow: boolean;
  /** Is told of a folder that cannot be read, which then is passed over; where absent, the system's error is thrown. */
  readonly onUnreadable?: (error: unknown, folder: string) => void;
}

/**
 * Paths within the folder of all that is no folder, as they are found. What lies in one folder is found once, however many links lead to
 * it: in its own place, where that is within the folder.
 */
export const filesBeneath = function* (root: string, options: BeneathOptions): Generator<string> {
  const [folders, links, seen] = [[root], [] as string[], new Set<string>()];
  const next = (): string | undefined => folders.pop() ?? links.pop();
  for (let folder = next(); folder !== undefined; folder = next()) {
    for (const entry of entriesOf(folder, seen, options)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isSymbolicLink() && isFolder(path)) links.push(path);
      else yield relative(root, path);
    }
    if (!options.follow) links.length = 0;
  }
};

/** None where the folder was seen before. */
const entriesOf = (
  folder: string,
  seen: Set<string>,
  { onUnreadable = rethrow }: BeneathOptions,
): readonly Dirent[] => {
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return [];
    seen.add(real);
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    onUnreadable(error, folder);
    return [];
  }
};

const rethrow = (error: unknown): never => {
  throw error;
};

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};
