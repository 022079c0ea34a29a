import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readRegularFile, readRegularFileSync } from '../../../harness/files/regular-file.js';
import { it } from '../../support/folder.js';
import { refusalOf } from '../../support/refusal.js';

it('a file of more than can be read at once is refused in a sentence', async ({ folder }) => {
  const file = join(folder, 'x_train.npy');
  writeFileSync(file, '');
  // No disk is used for it.
  truncateSync(file, 2 ** 31);
  const words = `${file} has 2147483648 bytes; expected at most 2147483647. Split it.`;
  expect(await refusalOf(() => readRegularFile(file, { most: 2 ** 32, remedy: 'Split it.' }))).toBe(words);
  expect(await refusalOf(() => readRegularFile(file, { remedy: 'Split it.' }))).toBe(words);
  expect(await refusalOf(() => readRegularFileSync(file, 'Split it.'))).toBe(words);
});
