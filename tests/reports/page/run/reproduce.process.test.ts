import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { fashionMnist10k } from '../../../../harness/data/fashion-mnist.js';
import { imageFolder } from '../../../../harness/data/folder/image-folder.js';
import { planRun } from '../../../../harness/run/run.js';
import { reproduce } from '../../../../reports/page/run/reproduce.js';
import type { Plan } from '../../../../results/plan/plan.js';
import { it } from '../../../support/folder.js';
import { runFixture } from '../../../support/run-fixture.js';

const ASKED = {
  nothing: {},
  'other seeds and epochs': { seeds: 4, epochs: 1 },
  'some candidates, and rates to choose from': { only: '^(fasternet|sand)', tune: [0.05, 0.1] },
  'another budget, and seeds until decided': {
    only: 'light',
    budget: [{ metric: 'params', target: 12_000 }],
    untilDecided: 7,
  },
} as const;

/** The line that runs the suite. */
const commandOf = (plan: Plan): string => {
  const { markup } = reproduce({ ...runFixture().run, plan });
  const [, command = ''] = /npx lightbench (run .*)<\/code>/.exec(markup) ?? [];
  return command;
};

const planned = async (command: string, cwd: string): Promise<unknown> => {
  const program = `node ${resolve('dist/harness/cli/main.js')} ${command} --dry-run --json`;
  const { stdout } = await execa(program, { shell: true, cwd });
  return JSON.parse(stdout);
};

const asJson = (plan: Plan): unknown => JSON.parse(JSON.stringify(plan));

describe('the command that makes a run again', () => {
  it.for(Object.entries(ASKED))('plans the same where %s were asked for', async ([, asked], { folder }) => {
    const plan = await planRun('quick', { ...asked, engine: 'onnxruntime' });
    expect(await planned(commandOf(plan), folder)).toEqual(asJson(plan));
  });

  it('plans the same of a file, from its folder, and names no other folder', async ({ folder }) => {
    const file = join(folder, 'my suite.ts');
    copyFileSync('tests/support/suites/tiny.ts', file);
    const plan = await planRun(file, { engine: 'onnxruntime' });
    const command = commandOf(plan);
    expect(command).not.toContain(folder);
    expect(await planned(command, folder)).toEqual(asJson(plan));
  });

  it('says where the images are looked for, where they are the user’s own', () => {
    const { run } = runFixture();
    const on = (id: string): string => {
      const conditions = { ...run.plan.conditions, dataset: { ...run.plan.conditions.dataset, id } };
      return reproduce({ ...run, plan: { ...run.plan, conditions } }).markup;
    };
    expect(on(imageFolder.id)).toContain('LIGHTBENCH_DATA=path/to/images npx lightbench run');
    expect(on(fashionMnist10k.id)).not.toContain('LIGHTBENCH_DATA');
  });
});
