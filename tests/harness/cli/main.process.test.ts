import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { it } from '../../support/folder.js';

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

  it('prints nothing among its JSON that a file of the user logs', async ({ folder }) => {
    const example = await readFile('docs/examples/my-block.ts', 'utf8');
    const file = join(folder, 'logs.ts');
    await writeFile(file, `${example}\nconsole.log('from the file');\nconsole.info('too');\n`);
    const { stdout, stderr } = await execa(process.execPath, [
      'dist/harness/cli/main.js',
      'cost',
      file,
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'my-block' });
    expect(stderr).toContain('from the file');
  });

  it('ends the sentence of an error where a file of the user does not', async ({ folder }) => {
    const file = join(folder, 'refuses.ts');
    const example = await readFile('docs/examples/my-block.ts', 'utf8');
    const refusing = example
      .replace('defineBlock, z }', 'defineBlock, UserError, z }')
      .replace(
        'const hidden',
        "throw new UserError('odd widths are not allowed', 'Take even ones.');\n    const hidden",
      );
    await writeFile(file, refusing);
    const { stderr } = await execa(process.execPath, ['dist/harness/cli/main.js', 'cost', file], {
      reject: false,
    });
    expect(stderr).toContain('odd widths are not allowed. Take even ones.');
  });
});
