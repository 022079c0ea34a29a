/** What a commit makes of a suite or the catalogue, built in a process of its own. */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execaNode } from 'execa';
import { loaderOptions, ownModule } from '../../package/own-module.js';
import { UserError } from '../../user/user-error.js';
import { CATALOGUE } from '../snapshot/from-catalogue.js';
import { baselineSnapshot } from '../snapshot/from-folder.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { Commit } from './bisection.js';
import { type Checkout, shortHash } from './git-history.js';

/** `problem` says why there is nothing to compare. */
export type Built = { readonly snapshot: Snapshot } | { readonly problem: string };

/**
 * Builds commits of one source: a suite from the files of each commit by this lightbench, `catalogue` by each commit's own sources.
 * Those after the first stand as the first does, where a budget search chose the value of an option.
 */
export const commitBuilder = (checkout: Checkout, source: string, signal: AbortSignal) => {
  const folderOf = ({ hash }: Commit): string => join(checkout.scratch, hash);
  return async (commit: Commit, like: Commit | null): Promise<Built> => {
    await checkout.goTo(commit);
    const folder = folderOf(commit);
    const job =
      source === CATALOGUE
        ? catalogueJob(checkout.folder, folder)
        : suiteJob(source, folder, like && folderOf(like));
    if (!existsSync(job.module))
      return { problem: 'it has no sources of lightbench to build its catalogue from' };
    const { failed, stderr } = await execaNode(job.module, job.args, {
      cwd: checkout.folder,
      nodeOptions: [...loaderOptions(job.module)],
      env: { TMPDIR: checkout.scratch }, // where a commit's sources are transformed: nobody else can write there
      stdin: 'ignore',
      stdout: 'ignore',
      reject: false,
      cancelSignal: signal,
    });
    signal.throwIfAborted();
    if (failed) return { problem: reasonOf(stderr).replaceAll(join(checkout.folder, sep), '') };
    try {
      return { snapshot: { ...(await baselineSnapshot(folder)), name: `${source} at ${shortHash(commit)}` } };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { problem: error.message };
    }
  };
};

interface Job {
  readonly module: URL;
  readonly args: readonly string[];
}

const suiteJob = (suite: string, out: string, like: string | null): Job => ({
  module: ownModule('../snapshot/save-main', import.meta.url),
  args: [out, suite, ...(like === null ? [] : [like])],
});

const catalogueJob = (files: string, out: string): Job => ({
  module: pathToFileURL(join(files, 'harness', 'cli', 'main.ts')),
  args: ['baseline', 'save', CATALOGUE, '--out', out],
});

/** The line that names the error; Node prints others around it. */
const reasonOf = (stderr: string): string => {
  const lines = stderr.split('\n').map((line) => line.trim());
  const named = lines.find((line) => /^(?:\w*Error|error)\b.*?: /.test(line));
  return (named ?? lines.find((line) => line !== '') ?? 'its process ended without a word').replace(
    /^error: /,
    '',
  );
};
