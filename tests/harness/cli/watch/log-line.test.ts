import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { logLineContract } from '../../../../harness/cli/watch/log-line.js';
import { openRunLog } from '../../../../harness/cli/watch/run-log.js';
import type { RunEvent } from '../../../../harness/run/status/events.js';
import { it } from '../../../support/folder.js';
import { refusalOf } from '../../../support/refusal.js';
import { ONE_OF_EACH } from '../../../support/run-events.js';

const linesOf = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const log = async (file: string, events: readonly RunEvent[]): Promise<unknown[]> => {
  const { onEvent, close } = openRunLog(file);
  for (const event of events) onEvent(event);
  close();
  return linesOf(file);
};

describe('the log of a run', () => {
  it('has a line that keeps the contract for every event but progress', async ({ folder }) => {
    const lines = await log(join(folder, 'log'), ONE_OF_EACH);
    const told = lines.map((line) => logLineContract.parse(line).event);
    expect(told).toEqual(ONE_OF_EACH.map(({ kind }) => kind).filter((kind) => kind !== 'trial-progress'));
  });

  it('is appended to, and names what failed and why', async ({ folder }) => {
    const file = join(folder, 'log');
    await log(file, ONE_OF_EACH.slice(0, 1));
    const failed = ONE_OF_EACH.filter(({ kind }) => kind === 'trial-failed');
    const lines = await log(file, failed);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({
      level: 'error',
      candidate: 'repso',
      seed: 1,
      cause: 'crashed',
      message: 'It broke.',
      lastLines: ['last\nwords'],
    });
  });

  it('leaves out what is told several times a second', async ({ folder }) => {
    const often = Array.from({ length: 50 }, () =>
      ONE_OF_EACH.filter(({ kind }) => kind === 'training'),
    ).flat();
    expect(await log(join(folder, 'log'), often)).toHaveLength(1);
  });

  it('is refused where the file cannot be written', async ({ folder }) => {
    expect(await refusalOf(() => openRunLog(join(folder, 'none', 'log')))).toMatch(
      /log cannot be written: .*ENOENT/,
    );
    expect(await refusalOf(() => openRunLog(folder))).toMatch(/it is a folder/);
  });
});
