import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { readIdx } from '../../../harness/data/idx.js';
import { it } from '../../support/folder.js';
import { idxFile } from '../../support/idx.js';
import { makeNamedPipe } from '../../support/named-pipe.js';
import { refusalOf } from '../../support/refusal.js';

const VALUES = Uint8Array.from({ length: 2 * 3 * 4 }, (_, i) => 10 * i);
/** Some more than the good file holds. */
const MOST = 32;

const GOOD = idxFile([2, 3, 4], VALUES);

const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array => bytes.with(at, value);

const REFUSED: readonly (readonly [what: string, bytes: Uint8Array, message: RegExp])[] = [
  [
    'begins with another magic number',
    gzipSync(changed(GOOD, 0, 1)),
    /begins with 01000803, not with the magic/,
  ],
  ['holds nothing', gzipSync(''), /begins with nothing, not with the magic/],
  ['holds floats', gzipSync(changed(GOOD, 2, 0x0d)), /values have type 13 and bytes \(8\) are expected/],
  ['has another rank', gzipSync(idxFile([24], VALUES)), /has 1 dimensions and 3 are expected/],
  ['ends in its header', gzipSync(GOOD.subarray(0, 11)), /ends within its header/],
  ['has lost values', gzipSync(GOOD.subarray(0, -5)), /truncated: 19 of 24 values are there/],
  ['has values too many', gzipSync(Buffer.concat([GOOD, Buffer.alloc(3)])), /3 bytes follow its 24 values/],
  ['is not zipped', GOOD, /not a complete gzip file: .*header/],
  ['is zipped and cut off', gzipSync(GOOD).subarray(0, -6), /not a complete gzip file: .*end of file/],
];

describe('an IDX file', () => {
  it('gives its shape and its values', async ({ folder }) => {
    const file = join(folder, 'values.gz');
    writeFileSync(file, gzipSync(GOOD));
    expect(await readIdx(file, 3, MOST)).toEqual({ shape: [2, 3, 4], values: VALUES });
  });

  it.for(REFUSED)('that %s is refused by name, with a remedy', async ([, bytes, message], { folder }) => {
    const file = join(folder, 'values.gz');
    writeFileSync(file, bytes);
    const refusal = await refusalOf(() => readIdx(file, 3, MOST));
    expect(refusal).toMatch(message);
    expect(refusal).toContain(file);
    expect(refusal).toMatch(/download it again\.$/);
  });

  it('that is not there, or is a folder, is refused with the reason', async ({ folder }) => {
    expect(await refusalOf(() => readIdx(join(folder, 'none.gz'), 3, MOST))).toMatch(
      /none\.gz cannot be read: .*ENOENT/,
    );
    mkdirSync(join(folder, 'folder.gz'));
    expect(await refusalOf(() => readIdx(join(folder, 'folder.gz'), 3, MOST))).toMatch(
      /folder\.gz is a folder, not a file/,
    );
  });

  it('that unpacks to far more than is expected is unpacked no further', async ({ folder }) => {
    const bomb = join(folder, 'bomb.gz');
    writeFileSync(bomb, gzipSync(Buffer.alloc(2 ** 26)));
    expect(await refusalOf(() => readIdx(bomb, 3, MOST))).toMatch(
      /bomb\.gz unpacks to more than the expected 48 bytes/,
    );
    const large = join(folder, 'large.gz');
    writeFileSync(large, Buffer.alloc(2 ** 17));
    expect(await refusalOf(() => readIdx(large, 3, MOST))).toMatch(
      /large\.gz has 131072 bytes; expected at most/,
    );
  });

  it.skipIf(process.platform === 'win32')('that is a named pipe is refused at once', async ({ folder }) => {
    const pipe = join(folder, 'pipe.gz');
    await makeNamedPipe(pipe);
    expect(await refusalOf(() => readIdx(pipe, 3, MOST))).toMatch(/pipe\.gz is a named pipe, not a file/);
    expect(await refusalOf(() => readIdx('/dev/zero', 3, MOST))).toMatch(/zero is a device, not a file/);
  });
});
