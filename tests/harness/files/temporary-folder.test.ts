import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, vi } from 'vitest';
import { temporaryFolder } from '../../../harness/files/temporary-folder.js';
import { it } from '../../support/folder.js';
import { gitProject } from '../../support/git-project.js';
import { refusalOf } from '../../support/refusal.js';

const HOLDER = 'tests/support/hold-temporary-folders.ts';

/** Starts the process, and ends it by the signal once its folders are there; which these were, and how it ended. */
const held = async (
  tmp: string,
  { signal, args }: { readonly signal?: NodeJS.Signals; readonly args: readonly string[] },
) => {
  const child = execa(process.execPath, ['--import', 'jiti/register', HOLDER, ...args], {
    env: { TMPDIR: tmp, JITI_FS_CACHE: 'false' },
    reject: false,
  });
  let made: readonly string[] = [];
  for await (const line of child) {
    made = JSON.parse(line);
    if (signal === undefined) continue;
    expect(made.filter((path) => !existsSync(path))).toEqual([]);
    child.kill(signal);
  }
  return { made, ...(await child) };
};

describe('a temporary folder', () => {
  it('is empty, for this user alone, and gone when it is removed', async () => {
    const { path, remove } = await temporaryFolder('test');
    expect(path).toMatch(/lightbench-test-\w+$/);
    expect(readdirSync(path)).toEqual([]);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
    writeFileSync(join(path, 'file'), '');
    remove();
    expect(existsSync(path)).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('is refused where there is no place for it', async ({ folder }) => {
    vi.stubEnv('TMPDIR', join(folder, 'none'));
    const refusal = await refusalOf(() => temporaryFolder('test'));
    expect(refusal).toMatch(/none cannot be written: no such file or directory \(ENOENT\)\. Set TMPDIR/);
  });

  it.skipIf(process.platform !== 'linux')(
    'of a killed process is removed by the next that makes one; of a living one, and of what says nothing, it stays',
    async ({ folder }) => {
      const { made } = await held(folder, { signal: 'SIGKILL', args: ['wait'] });
      expect(made.filter((path) => existsSync(path))).toEqual(made);
      vi.stubEnv('TMPDIR', folder);
      const living = await temporaryFolder('test');
      expect(made.filter((path) => existsSync(path))).toEqual([]);
      // The id has been given again: the process that has it now began at another time.
      const reused = living.path.replace(/(-\d+_)\d+_/, '$17_');
      const elsewhere = living.path.replace(/-\d+_(\d+)_[0-9a-f]{8}_/, '-2147483647_$1_00000000_');
      const others = [elsewhere, join(folder, 'lightbench-test-abcdef'), join(folder, 'other')];
      for (const path of [reused, ...others]) mkdirSync(path);
      expect(new Set([living.path, reused, ...others]).size).toBe(5);
      const next = await temporaryFolder('test');
      expect([living.path, next.path, ...others].filter((path) => !existsSync(path))).toEqual([]);
      expect(existsSync(reused)).toBe(false);
      living.remove();
      next.remove();
    },
  );

  describe.skipIf(process.platform === 'win32')('is gone', () => {
    it.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
      'after %s, with a worktree in it',
      async (signal, { folder }) => {
        const project = await gitProject(folder);
        await project.commit('first');
        const { made, signal: endedBy } = await held(folder, { signal, args: ['wait', project.folder] });
        expect(endedBy).toBe(signal);
        expect(made).toHaveLength(2);
        expect(made.filter((path) => existsSync(path))).toEqual([]);
        expect((await project.git('worktree', 'list')).split('\n')).toHaveLength(1);
      },
    );

    it.for(['exit', 'throw'])('where the process ends by %s', async (end, { folder }) => {
      const { made, exitCode } = await held(folder, { args: [end] });
      expect(exitCode).toBe(end === 'exit' ? 3 : 1);
      expect(made).toHaveLength(1);
      expect(made.filter((path) => existsSync(path))).toEqual([]);
    });
  });
});
