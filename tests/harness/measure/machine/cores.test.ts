import { cpus } from 'node:os';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const PRINT_CORES = 'tests/support/print-cores.ts';

const LAST = cpus().length - 1;

const { failed: missing } = await execa('taskset', ['-c', String(LAST), 'true'], { reject: false });

describe.skipIf(missing)(`cores${missing ? ' (taskset is missing)' : ''}`, () => {
  it.each([
    [String(LAST), 1],
    [`0,${LAST}`, LAST === 0 ? 1 : 2],
  ])('are those that the process may use, in every record: %s', async (allowed, cores) => {
    const node = [process.execPath, '--import', 'jiti/register', PRINT_CORES];
    const { stdout } = await execa('taskset', ['-c', allowed, ...node]);
    expect(JSON.parse(stdout)).toEqual([cores, cores]);
  });
});
