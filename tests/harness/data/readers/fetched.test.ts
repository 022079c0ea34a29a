/** Data sets that are fetched: checked, gone on with where the connection broke, and nothing unpacked but what is wanted. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { describe, expect, vi } from 'vitest';
import { fetchDataset } from '../../../../harness/data/readers/fetched.js';
import { DATASETS } from '../../../../harness/data/registry.js';
import { serveFiles } from '../../../support/file-server.js';
import { it } from '../../../support/folder.js';
import { refusalOf } from '../../../support/refusal.js';

const entry = (name: string, body: string) => ({
  header: { name, size: body.length, type: 'file' as const },
  body,
});

const fetched = async () => {
  const tar = await packTar([
    entry('toys-py/train', 'images'.repeat(300_000)),
    entry('toys-py/readme.html', 'not wanted'),
    entry('../../escaped', 'not wanted'),
  ]);
  const body = gzipSync(tar, { level: 0 });
  const sha256 = createHash('sha256').update(body).digest('hex');
  const files = [{ name: 'toys.tar.gz', bytes: body.length, sha256 }];
  return {
    body,
    set: { id: 'toys', origin: 'https://nowhere.invalid', files, members: ['toys-py/train', 'toys-py/meta'] },
  };
};

describe('a data set that is fetched', () => {
  it('goes on where the connection broke, is checked, and gives only the files that are wanted', async ({
    folder,
  }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const { body, set } = await fetched();
    const { origin, requests } = await serveFiles((_, request) => ({
      body,
      ranges: true,
      announced: true,
      ...(request === 1 ? { cutAfter: 1_200_000 } : {}),
    }));
    expect(await refusalOf(() => fetchDataset(set, { origin }))).toContain('goes on from where it stopped');
    const place = await fetchDataset(set, { origin });
    expect(requests.map(({ range }) => range !== null)).toEqual([false, true]);
    expect(readFileSync(join(place, 'toys-py/train'), 'utf8')).toBe('images'.repeat(300_000));
    expect(readdirSync(join(place, 'toys-py'))).toEqual(['train']);
    expect(existsSync(join(folder, 'escaped'))).toBe(false);
    await fetchDataset(set, { origin });
    expect(requests).toHaveLength(2);
  });

  it('is refused where its checksum is another', async ({ folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const { body, set } = await fetched();
    const { origin } = await serveFiles(() => ({
      body: Buffer.from(body).fill(0, 100, 200),
      announced: true,
    }));
    expect(await refusalOf(() => fetchDataset(set, { origin }))).toContain('has the checksum');
  });

  it('may be one of several', () => {
    const known = DATASETS.filter(({ download }) => download !== undefined).map(({ id }) => id);
    expect(known).toEqual(['fashion-mnist', 'mnist', 'cifar-10', 'cifar-100']);
  });
});
