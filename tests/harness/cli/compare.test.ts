import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, vi } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import { lightbench } from '../../support/command-line.js';
import { it } from '../../support/folder.js';
import { writeProject } from '../../support/project.js';

/** The folder in which the user works. */
const workIn = (folder: string): void => {
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
};

const saved = async (folder: string) => {
  workIn(folder);
  const baseline = join(folder, 'baseline');
  const { exitCode, stdout } = await lightbench(
    'baseline',
    'save',
    writeProject(folder, 'before'),
    '--out',
    baseline,
    '--json',
  );
  expect(exitCode).toBe(0);
  return { baseline, record: CONTRACTS.baseline.parse(JSON.parse(stdout)) };
};

describe('lightbench compare', () => {
  it('exits with 0 where nothing is worse, and its JSON keeps the contract', async ({ folder }) => {
    const { baseline } = await saved(folder);
    const { exitCode, stdout } = await lightbench('compare', baseline, '--json');
    expect(exitCode).toBe(0);
    expect(CONTRACTS.compare.parse(JSON.parse(stdout))).toMatchObject({ state: 'passed', regressions: [] });
  });

  it('exits with 1 on a regression, in every format', async ({ folder }) => {
    const { baseline } = await saved(folder);
    const after = writeProject(folder, 'after', { kernel: 5 });
    const args = ['compare', baseline, after, '--only', 'costs'];
    const text = await lightbench(...args);
    expect([text.exitCode, text.stdout]).toEqual([
      1,
      expect.stringContaining('Regression: mine/two (costs)'),
    ]);
    const markdown = join(folder, 'comment.md');
    expect((await lightbench(...args, '--format', 'md', '--out', markdown)).exitCode).toBe(1);
    expect(readFileSync(markdown, 'utf8')).toMatch(/^### .*mine\/two/);
    const { stdout, exitCode } = await lightbench(...args, '--format', 'junit');
    expect([exitCode, XMLValidator.validate(stdout)]).toEqual([1, true]);
  });

  it('exits with 0 on what is undecided, and with 1 where it is asked to', async ({ folder }) => {
    const { baseline, record } = await saved(folder);
    const measureInEights = (names: readonly string[]): void => {
      const entries = record.entries.map((entry) =>
        entry.model && names.includes(entry.name) ? { ...entry, model: { ...entry.model, batch: 8 } } : entry,
      );
      writeFileSync(join(baseline, 'baseline.json'), JSON.stringify({ ...record, entries }));
    };
    const names = record.entries.map(({ name }) => name);
    const args = ['compare', baseline, '--only', 'costs,latency'];
    measureInEights(names.slice(0, 1));
    const told = await lightbench(...args);
    expect([told.exitCode, told.stdout]).toEqual([0, expect.stringContaining('batch: 8 and 1')]);
    expect((await lightbench(...args, '--fail-on-undecided')).exitCode).toBe(1);
    measureInEights(names);
    const refused = await lightbench(...args);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('batch: 8 and 1')]);
  });

  it.for([
    [['compare'], /missing required argument/],
    [['compare', 'no-such-thing'], /Unknown suite "no-such-thing"/],
    [['compare', 'catalogue', '--only', 'speed'], /costs, latency, accuracy/],
    [['compare', 'catalogue', '--only', 'latency'], /latency cannot be compared/],
    [['compare', 'catalogue', '--format', 'pdf'], /Allowed choices/],
    [['baseline', 'show', 'no-such-folder'], /cannot be read/],
    [['baseline', 'save', 'catalogue', '--out', 'tests'], /something other than a baseline/],
  ] as const)('exits with 2 on bad usage: %j', async ([args, message]) => {
    const { exitCode, stderr } = await lightbench(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('lightbench baseline show', () => {
  it('tells where a baseline comes from and what it holds', async ({ folder }) => {
    const { baseline, record } = await saved(folder);
    const { stdout } = await lightbench('baseline', 'show', baseline);
    expect(stdout).toContain(record.savedAt);
    for (const { name } of record.entries) expect(stdout).toContain(name);
    const json = await lightbench('baseline', 'show', baseline, '--json');
    expect(CONTRACTS.baseline.parse(JSON.parse(json.stdout))).toEqual(record);
  });
});
