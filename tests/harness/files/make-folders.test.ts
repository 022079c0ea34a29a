import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeFolders } from '../../../harness/files/make-folders.js';
import { it } from '../../support/folder.js';

describe('a folder that is made', () => {
  it('has those above it, its mode, and may be there already', async ({ folder }) => {
    const inner = join(folder, 'a/b/c');
    await makeFolders(inner, { mode: 0o700 });
    await makeFolders(inner);
    await Promise.all([makeFolders(join(folder, 'd/e')), makeFolders(join(folder, 'd/e'))]);
    expect(statSync(join(folder, 'd/e')).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  });

  it('may be a link to one, and is refused where something else lies in its place', async ({ folder }) => {
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'file'), '');
    symlinkSync(join(folder, 'there'), join(folder, 'link'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    await makeFolders(join(folder, 'link/inner'));
    await makeFolders(join(folder, 'link'));
    expect(existsSync(join(folder, 'there/inner'))).toBe(true);
    await expect(makeFolders(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(join(folder, 'file/inner'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolders(join(folder, 'dangling/inner'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.skipIf(process.platform !== 'linux')('is tried once where the system cannot have one', async () => {
    await expect(makeFolders('/proc/lightbench/run')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
