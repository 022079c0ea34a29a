import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { historyContract } from '../../../harness/cli/contracts/history.js';
import { lightbench } from '../../support/command-line.js';
import { it } from '../../support/folder.js';
import { commitOf, madeHistory, writeHistory } from '../../support/history-fixture.js';

const written = (folder: string, count = 16): readonly string[] =>
  writeHistory(
    folder,
    madeHistory(count, (index) => ({
      moreParams: (candidate) => (candidate === 'repso' && index >= 10 ? 576 : 0),
    })),
  );

describe('lightbench history', () => {
  it('tells what changed, where and by how much, and exits with 0', async ({ folder }) => {
    written(folder);
    const { exitCode, stdout, stderr } = await lightbench('history', folder);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('16 runs, 30 timelines, 480 values.');
    const [before, after] = [commitOf(9), commitOf(10)].map((commit) => commit.slice(0, 7));
    expect(stdout).toMatch(
      new RegExp(
        `2025-01-11 +${before}\\.\\.${after} +tracked +repso +parameters +1,497,866 +1,498,442 +\\+0\\.038 % +regression`,
      ),
    );
  });

  it('keeps its contract with --json, and a filter leaves what it says', async ({ folder }) => {
    written(folder);
    const { stdout } = await lightbench(
      'history',
      folder,
      '--json',
      '--metric',
      'params',
      '--candidate',
      'repso',
    );
    const { tracks } = historyContract.parse(JSON.parse(stdout));
    expect(tracks.map(({ candidate, metric }) => [candidate, metric])).toEqual([['repso', 'params']]);
    expect(tracks[0]?.series[0]?.changes[0]).toMatchObject({
      from: 1_497_866,
      to: 1_498_442,
      kind: 'regression',
    });
    const since = await lightbench('history', folder, '--json', '--since', '2025-01-15');
    const late = historyContract.parse(JSON.parse(since.stdout)).tracks;
    for (const { series } of late) expect(series.map(({ points }) => points.length)).toEqual([2]);
  });

  it('writes a page', async ({ folder }) => {
    written(join(folder, 'runs'), 3);
    const page = join(folder, 'history.html');
    expect((await lightbench('history', folder, '--out', page)).stdout).toContain(`report   ${page}`);
    expect(readFileSync(page, 'utf8')).toContain('<h1>History of tracked</h1>');
  });

  it('names a broken folder on standard error and goes on', async ({ folder }) => {
    const [first = ''] = written(folder, 3);
    writeFileSync(join(first, 'suite.json'), '');
    const { exitCode, stdout, stderr } = await lightbench('history', folder);
    expect(stderr).toContain(`skipped ${first}: suite.json: not JSON`);
    expect(stdout).toContain('2 runs');
    expect(exitCode).toBe(0);
  });

  for (const [what, [where, ...options], message] of [
    ['a folder that is missing', ['none'], /none cannot be read: no such file/],
    ['a folder without a run', ['.'], /No runs found under/],
    ['a day that is none', ['.', '--since', '2025-02-30'], /YYYY-MM-DD/],
    ['a metric that is none', ['.', '--metric', 'loss'], /Allowed choices/],
    ['a pattern that is none', ['runs', '--candidate', '('], /not a valid pattern/],
    ['a suite that is not there', ['runs', '--suite', 'slow'], /Suites found: tracked/],
  ] as const) {
    it(`refuses ${what}`, async ({ folder }) => {
      if (where === 'runs') written(join(folder, 'runs'), 1);
      const { exitCode, stderr } = await lightbench('history', join(folder, where), ...options);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ {4}at /m);
      expect(exitCode).toBe(2);
    });
  }
});
