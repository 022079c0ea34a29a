/** A git repository that a test makes. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
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
  const project = projectIn(folder);
  await project.git('init', '--quiet', '--initial-branch=main');
  return project;
};

/** The same in another place, for a test to change. */
export const copyProject = ({ folder }: GitProject, parent: string): GitProject => {
  const copy = join(parent, 'repository');
  cpSync(folder, copy, { recursive: true });
  return projectIn(copy);
};

const projectIn = (folder: string): GitProject => {
  const git = async (...args: readonly string[]): Promise<string> =>
    (
      await execa('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
        cwd: folder,
      })
    ).stdout;
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
