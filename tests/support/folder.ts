import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';

/** Tests with an empty folder of their own, which is deleted afterwards. */
export const it = test.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures' dependencies from it
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'lightbench-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});
