/** A git repository that a test makes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

export interface GitProject {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
  /** Writes whatever `change` writes, and commits it; the hash. */
  readonly commit: (subject: string, change?: () => unknown) => Promise<string>;
}

export const gitProject = async (parent: string): Promise<GitProject> => {
  const folder = join(parent, 'repository');
  mkdirSync(folder);
  const git = async (...args: readonly string[]): Promise<string> =>
    (
      await execa('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
        cwd: folder,
      })
    ).stdout;
  await git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    commit: async (subject, change = () => writeFileSync(join(folder, 'notes.txt'), subject)) => {
      await change();
      await git('add', '--all');
      await git('commit', '--quiet', '--message', subject);
      return git('rev-parse', 'HEAD');
    },
  };
};
