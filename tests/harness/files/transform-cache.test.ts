import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { transformCache } from '../../../harness/files/transform-cache.js';
import { it } from '../../support/folder.js';

describe.skipIf(process.platform === 'win32')('the cache of transformed files', () => {
  it('is a folder beneath the cache that nobody else may enter', async ({ folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const place = await transformCache();
    expect(place).toBe(join(folder, 'lightbench', 'jiti'));
    expect(statSync(String(place)).mode & 0o777).toBe(0o700);
    expect(await transformCache()).toBe(place);
  });

  it.for([0o770, 0o702, 0o777])('is none where others may write to it, mode %o', async (mode, { folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    const place = join(folder, 'lightbench', 'jiti');
    mkdirSync(place, { recursive: true });
    chmodSync(place, mode);
    expect(await transformCache()).toBe(false);
  });

  it('is none where there can be no folder', async ({ folder }) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    writeFileSync(join(folder, 'lightbench'), '');
    expect(await transformCache()).toBe(false);
  });
});
