import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { filesBeneath } from '../../../harness/files/beneath.js';
import { systemCode } from '../../../harness/files/system-error.js';
import { it } from '../../support/folder.js';

const write = (...path: readonly string[]): void => {
  mkdirSync(join(...path, '..'), { recursive: true });
  writeFileSync(join(...path), '');
};

const found = (folder: string, follow: boolean): readonly string[] =>
  [...filesBeneath(folder, { follow })].toSorted();

describe('the files beneath a folder', () => {
  it('are found once, although links lead back to it in more ways than can be counted', ({ folder }) => {
    write(folder, 'train', '0.tar');
    for (const name of ['a', 'b', 'train/c', 'train/d']) symlinkSync(folder, join(folder, name));
    expect(found(folder, true)).toEqual(['train/0.tar']);
  });

  it('are found where links lead to a folder elsewhere, and in their own place where it is here', ({
    folder,
  }) => {
    write(folder, 'elsewhere', '0.tar');
    write(folder, 'here', 'val', '1.tar');
    symlinkSync('../elsewhere', join(folder, 'here', 'train'));
    symlinkSync('val', join(folder, 'here', 'test'));
    expect(found(join(folder, 'here'), true)).toEqual(['train/0.tar', 'val/1.tar']);
    expect(found(join(folder, 'here'), false)).toEqual(['val/1.tar']);
  });

  it('are those of a link to it, and of links to files', ({ folder }) => {
    write(folder, 'here', '0.tar');
    symlinkSync('here', join(folder, 'link'));
    symlinkSync('0.tar', join(folder, 'here', '1.tar'));
    symlinkSync('nowhere', join(folder, 'here', '2.tar'));
    expect(found(join(folder, 'link'), false)).toEqual(['0.tar', '1.tar', '2.tar']);
  });

  it('are none of a folder that cannot be read, if that is told', ({ folder }) => {
    const missing = join(folder, 'missing');
    const told: unknown[] = [];
    const onUnreadable = (error: unknown, path: string) => told.push([systemCode(error), path]);
    expect([...filesBeneath(missing, { follow: true, onUnreadable })]).toEqual([]);
    expect(told).toEqual([['ENOENT', missing]]);
    expect(() => found(missing, true)).toThrow('ENOENT');
  });
});
