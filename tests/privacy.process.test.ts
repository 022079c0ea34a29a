/** What a process leaves in the folders of the user and of all. onnxruntime, unless told not to, leaves an id and events there to be sent. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execaNode } from 'execa';
import { describe, expect } from 'vitest';
import { UNMARKED } from './support/ci-marks.js';
import { it } from './support/folder.js';

const NAMES = ['HOME', 'XDG_CACHE_HOME', 'TMPDIR'] as const;

/** Folders of its own for a process, and the files that lie there, by variable. */
const surroundings = (folder: string) => {
  for (const name of NAMES) mkdirSync(join(folder, name));
  return {
    env: { ...UNMARKED, ...Object.fromEntries(NAMES.map((name) => [name, join(folder, name)])) },
    filesOf: (name: (typeof NAMES)[number]): readonly string[] =>
      readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(folder, name), join(entry.parentPath, entry.name))),
  };
};

const MAIN = 'dist/harness/cli/main.js';

describe.skipIf(process.platform !== 'linux')('a process', () => {
  it.for([
    ['speed', 'repso', '--input', '8x8x8', '--seconds', '1'],
    ['speed', 'repso', '--input', '8x8x8', '--seconds', '1', '--mode', 'training'],
    ['doctor'],
    ['run', 'tests/support/suites/tiny.ts'],
  ])(
    'of lightbench %s leaves files only where the user and lightbench want them',
    { timeout: 120_000 },
    async (args, { folder }) => {
      const { env, filesOf } = surroundings(folder);
      const out = args[0] === 'run' ? ['--out', join(folder, 'out')] : [];
      const { exitCode, stderr } = await execaNode(MAIN, [...args, ...out], { env, reject: false });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect(filesOf('HOME')).toEqual([]);
      expect(filesOf('TMPDIR')).toEqual([]);
      expect(filesOf('XDG_CACHE_HOME').filter((file) => !file.startsWith('lightbench/'))).toEqual([]);
    },
  );

  it('of onnxruntime by itself leaves more', async ({ folder }) => {
    const { env, filesOf } = surroundings(folder);
    const program = `require('onnxruntime-node').InferenceSession.create(new Uint8Array()).catch(() => {})`;
    await execaNode('-e', [program], { env: { ...env, ORT_DISABLE_TELEMETRY: undefined } });
    expect(filesOf('XDG_CACHE_HOME').length).toBeGreaterThan(0);
  });
});
