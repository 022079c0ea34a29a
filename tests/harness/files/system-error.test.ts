import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { fileError, systemCode, unexplainedSystemError } from '../../../harness/files/system-error.js';
import { UserError } from '../../../harness/user/user-error.js';
import { it } from '../../support/folder.js';

const errorOf = async (action: () => unknown): Promise<unknown> => {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing failed.');
};

/** As Node makes them. */
const systemError = (errno: number, code: string): Error =>
  Object.assign(new Error(code), { errno, code, syscall: 'open' });

describe('an error of the system', () => {
  it('names the path, the reason and the code, and what to do', async ({ folder }) => {
    const file = join(folder, 'file');
    const circle = join(folder, 'circle');
    writeFileSync(file, '');
    symlinkSync(circle, circle);
    mkdirSync(join(folder, 'inner'));
    const cases: readonly (readonly [string, (path: string) => Promise<unknown>, RegExp])[] = [
      [join(folder, 'none'), readFile, /no such file or directory \(ENOENT\)/],
      [folder, readFile, /it is a folder \(EISDIR\)/],
      [file, readdir, /(not a directory|not a folder) \(ENOTDIR\)/],
      [join(file, 'inner'), readFile, /part of the path is a file, not a folder \(ENOTDIR\)/],
      [circle, readFile, /symbolic links form a loop \(ELOOP\)/],
      [join(folder, 'x'.repeat(300)), readFile, /the name is too long \(ENAMETOOLONG\)/],
      [file, mkdir, /a file of that name exists \(EEXIST\)/],
    ];
    for (const [path, action, reason] of cases) {
      const error = fileError(await errorOf(() => action(path)), { path, use: 'read', remedy: 'Mend it.' });
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({ remedy: 'Mend it.', message: expect.stringMatching(reason) });
      expect(String(error)).toContain(`${path} cannot be read: `);
    }
  });

  it.skipIf(!existsSync('/dev/full'))('says what to do about a full disk, whatever the path', async () => {
    const error = await errorOf(() => writeFile('/dev/full', 'a'));
    const use = { path: '/dev/full', use: 'written', remedy: 'Name another.' } as const;
    expect(fileError(error, use)).toMatchObject({
      message: '/dev/full cannot be written: the disk is full (ENOSPC).',
      remedy: 'Free some space and try again.',
    });
    expect(fileError(error, { ...use, whenFull: 'Make room.' })).toMatchObject({ remedy: 'Make room.' });
  });

  it('has words for every code there is', () => {
    for (const [errno, [code]] of getSystemErrorMap()) {
      const error = fileError(systemError(errno, code), { path: 'a', use: 'written' });
      expect(error).toMatchObject({
        message: expect.stringMatching(new RegExp(`^a cannot be written: [a-z].* \\(${code}\\)\\.$`, 'i')),
        remedy: expect.stringMatching(/\.$/),
      });
    }
  });

  it('is told from every other error, which stays as it is', async () => {
    const others = [
      await errorOf(() => gunzipSync('no gzip')),
      await errorOf(() => readFile('a\0b')),
      new UserError('a', 'b'),
      'text',
      null,
    ];
    for (const other of others) {
      expect(fileError(other, { path: 'a', use: 'read' })).toBe(other);
      expect(systemCode(other)).toBeNull();
      expect(unexplainedSystemError(other)).toBeNull();
    }
  });

  it('that nobody expected names the path it is about', async ({ folder }) => {
    const path = join(folder, 'none');
    const error = await errorOf(() => open(path));
    expect(systemCode(error)).toBe('ENOENT');
    expect(unexplainedSystemError(error)).toMatchObject({
      message: `${path}: no such file or directory (ENOENT).`,
    });
  });
});
