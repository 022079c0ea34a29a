import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

describe('the program', () => {
  it('ends without a word where nobody reads its output to the end', async () => {
    const program = '"$0" dist/harness/cli/main.js cost falconnet --per-op | head -n 1';
    const { stdout, stderr } = await execa('bash', ['-c', program, process.execPath]);
    expect(stdout).toContain('falconnet');
    expect(stderr).toBe('');
  });

  it.skipIf(!existsSync('/dev/full'))('says so where its output finds no room', async () => {
    const program = '"$0" dist/harness/cli/main.js list suites > /dev/full';
    const { exitCode, stderr } = await execa('bash', ['-c', program, process.execPath], { reject: false });
    expect(stderr).toMatch(
      /^\S*error:\S* Standard output cannot be written: the disk is full \(ENOSPC\)\.[^\n]*$/,
    );
    expect(exitCode).toBe(2);
  });

  it.skipIf(process.platform === 'win32')('says so where the folder it runs in is gone', async () => {
    const main = resolve('dist/harness/cli/main.js');
    const program = 'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$0" "$1" run no-such-suite.ts';
    const { exitCode, stderr } = await execa('bash', ['-c', program, process.execPath, main], {
      reject: false,
    });
    expect(stderr).toMatch(/error:.* The working folder no longer exists\. Change to a folder that exists\./);
    expect(exitCode).toBe(2);
  });
});
