/** What of a git repository a search needs: its commits, and the files of one of them in a folder of their own. */
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { execa, execaSync } from 'execa';
import { temporaryFolder } from '../../files/temporary-folder.js';
import { UserError } from '../../user/user-error.js';
import type { Commit } from './bisection.js';

export interface Repository {
  readonly root: string;
  /** Throws UserError where the repository has no such commit. */
  readonly commit: (revision: string) => Promise<Commit>;
  /** Along first parents, the oldest first, without `good`. Throws UserError where `good` is no ancestor of `bad`. */
  readonly commitsAfter: (good: Commit, bad: Commit) => Promise<readonly Commit[]>;
}

/** The repository that a folder lies in. Throws UserError where it lies in none. */
export const openRepository = async (folder: string): Promise<Repository> => {
  const { failed, stdout } = await execa('git', ['rev-parse', '--show-toplevel'], {
    cwd: folder,
    reject: false,
  });
  if (failed) {
    throw new UserError(
      `${resolve(folder)} is not in a git repository.`,
      'Run the command inside the repository to search; git must be installed.',
    );
  }
  const root = stdout.trim();
  const log = async (...args: readonly string[]): Promise<readonly Commit[]> =>
    (await git(root, 'log', '--format=%H%x00%cI%x00%s', ...args)).split('\n').filter(Boolean).map(toCommit);
  return {
    root,
    commit: async (revision) => {
      const [found] = await log('--max-count=1', '--end-of-options', `${revision}^{commit}`, '--').catch(
        () => [],
      );
      if (found) return found;
      throw new UserError(
        `The repository has no commit ${revision}.`,
        'Name a hash, a branch or a tag; a shallow clone lacks older commits.',
      );
    },
    commitsAfter: async (good, bad) => {
      const ancestor = await execa('git', ['merge-base', '--is-ancestor', good.hash, bad.hash], {
        cwd: root,
        reject: false,
      });
      if (!ancestor.failed) return log('--first-parent', '--reverse', `${good.hash}..${bad.hash}`, '--');
      throw new UserError(
        `The good commit ${shortHash(good)} is not an ancestor of the bad one, ${shortHash(bad)}.`,
        'Name a good commit from which the bad one descends.',
      );
    },
  };
};

export const shortHash = ({ hash }: Commit): string => hash.slice(0, 12);

/** Files of one commit after the other. */
export interface Checkout {
  readonly folder: string;
  /** A temporary folder beside them, which goes with them. */
  readonly scratch: string;
  readonly goTo: (commit: Commit) => Promise<void>;
  readonly remove: () => void;
}

/** The node_modules of `place`, a folder in the repository, and of all above it are linked: modules are found as they are there. */
export const checkOut = async (root: string, place: string, commit: Commit): Promise<Checkout> => {
  const files = (path: string): string => join(path, 'files');
  const { path: scratch, remove } = await temporaryFolder('bisect', (path) => {
    execaSync('git', ['worktree', 'remove', '--force', files(path)], { cwd: root, reject: false });
  });
  const folder = files(scratch);
  try {
    await git(root, ...NO_HOOKS, 'worktree', 'add', '--quiet', '--detach', folder, commit.hash);
    await linkModules(root, folder, place);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    folder,
    scratch,
    goTo: async ({ hash }) => {
      await git(folder, ...NO_HOOKS, 'checkout', '--quiet', '--force', '--detach', hash);
      await linkModules(root, folder, place);
    },
    remove,
  };
};

const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null'] as const;

const linkModules = async (root: string, folder: string, place: string): Promise<void> => {
  for (let inner = relative(root, place); ; inner = dirname(inner)) {
    const [from, to] = [join(root, inner, 'node_modules'), join(folder, inner, 'node_modules')];
    if (existsSync(from) && existsSync(dirname(to)) && !existsSync(to)) await symlink(from, to, 'junction');
    if (inner === '' || inner === '.') return;
  }
};

const git = async (cwd: string, ...args: readonly string[]): Promise<string> =>
  (await execa('git', [...args], { cwd })).stdout;

const toCommit = (line: string): Commit => {
  const [hash = '', date = '', ...subject] = line.split('\0');
  return { hash, date, subject: subject.join('\0') };
};
