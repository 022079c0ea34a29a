import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readBaseline } from '../results/baseline.js';
import { it } from './support/folder.js';
import { copyProject, type GitProject, gitProject } from './support/git-project.js';
import { writeProject } from './support/project.js';

const text = readFileSync('action.yml', 'utf8');

/** What GitHub reads of a composite action, as far as this one uses it. */
const action = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
    runs: z.strictObject({
      using: z.literal('composite'),
      steps: z.array(
        z.strictObject({
          name: z.string(),
          if: z.literal("inputs.base != ''").optional(),
          shell: z.literal('bash'),
          'working-directory': z.string(),
          env: z.record(z.string(), z.string()),
          run: z.string(),
        }),
      ),
    }),
  })
  .parse(parse(text));

type Inputs = Readonly<Record<string, string>>;

/** Runs the steps as GitHub does, until one fails; its exit code and the summary. */
const runAction = async ({ folder }: GitProject, given: Inputs) => {
  const temporary = join(folder, '..', 'runner');
  mkdirSync(temporary, { recursive: true });
  const summary = join(temporary, 'summary.md');
  const inputs: Inputs = {
    ...Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default])),
    ...given,
  };
  const filled = (value: string): string =>
    value.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_, name) => inputs[name] ?? '');
  let exitCode: number | undefined = 0;
  let stderr = '';
  for (const step of action.runs.steps) {
    if (exitCode !== 0 || (step.if !== undefined && inputs.base === '')) continue;
    const script = join(temporary, 'step.sh');
    writeFileSync(script, step.run);
    const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, filled(value)]));
    ({ exitCode, stderr } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: resolve(folder, filled(step['working-directory'])),
      env: { ...env, RUNNER_TEMP: temporary, GITHUB_STEP_SUMMARY: summary },
      reject: false,
    }));
  }
  return { exitCode, stderr, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' };
};

/** A repository with a suite in a folder where this lightbench is installed, and a baseline of it. */
const installed = async (parent: string) => {
  const project = await gitProject(parent);
  const place = join(project.folder, 'watched');
  const bin = join(place, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'lightbench'),
    `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/harness/cli/main.js')}' "$@"\n`,
  );
  chmodSync(join(bin, 'lightbench'), 0o755);
  writeFileSync(join(place, 'package.json'), '{}');
  writeFileSync(join(project.folder, '.gitignore'), 'node_modules\n');
  const base = await project.commit('A suite', () => writeProject(project.folder, 'watched'));
  await project.commit('A baseline', () =>
    execa(join(bin, 'lightbench'), ['baseline', 'save', 'suite.ts'], { cwd: place }),
  );
  return { project, base };
};

const parent = mkdtempSync(join(tmpdir(), 'lightbench-action-'));

let original: Awaited<ReturnType<typeof installed>>;

beforeAll(async () => {
  original = await installed(parent);
});

afterAll(() => rmSync(parent, { recursive: true }));

const widenKernel = (project: GitProject) =>
  project.commit('Work', () => writeProject(project.folder, 'watched', { kernel: 5 }));

const WATCHED = { 'working-directory': 'watched' } as const;

describe('the action', () => {
  it('uses no input that it does not declare, and never puts one into a script', () => {
    const used = [...text.matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{');
  });

  it('compares with a committed baseline, fails on a regression, and writes it into the summary', async ({
    folder,
  }) => {
    const project = copyProject(original.project, folder);
    const same = await runAction(project, WATCHED);
    expect([same.exitCode, same.summary]).toEqual([0, expect.stringContaining('No regression')]);
    await widenKernel(project);
    const worse = await runAction(project, WATCHED);
    expect([worse.exitCode, worse.summary]).toEqual([1, expect.stringContaining('spatial')]);
    const wrong = await runAction(project, { ...WATCHED, baseline: 'elsewhere' });
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('elsewhere')]);
    expect(wrong.summary).toBe(worse.summary);
  });

  it('makes the baseline of a base commit in the same job, and times both sides', async ({ folder }) => {
    const project = copyProject(original.project, folder);
    const { base } = original;
    await widenKernel(project);
    const inputs = { ...WATCHED, base, suite: 'suite.ts' };
    expect((await runAction(project, inputs)).exitCode).toBe(1);
    const { exitCode, summary } = await runAction(project, { ...inputs, only: 'costs,latency' });
    expect([exitCode, summary]).toEqual([1, expect.stringMatching(/Noise floor [\d.]+ % \(A\/A control\)/)]);
    const { exitCode: refused, stderr } = await runAction(project, { ...WATCHED, base });
    expect([refused, stderr]).toEqual([2, expect.stringContaining('requires the input suite')]);
  });

  it('gives no program an option that an input holds', async ({ folder }) => {
    const project = copyProject(original.project, folder);
    const planted = join(folder, 'planted');
    for (const input of ['base', 'suite', 'baseline']) {
      const given = { ...WATCHED, suite: 'suite.ts', [input]: `--upload-pack=touch ${planted}` };
      const { exitCode } = await runAction(project, given);
      expect([input, exitCode === 0, existsSync(planted)]).toEqual([input, false, false]);
    }
  });

  it('fails on what is undecided where it is asked to, and on a rule that could compare nothing', async ({
    folder,
  }) => {
    const project = copyProject(original.project, folder);
    const baseline = join(project.folder, 'watched', 'baseline');
    const { entries } = await readBaseline(baseline);
    rmSync(join(baseline, 'models', `${entries[0]?.model?.sha256}.onnx`));
    await widenKernel(project);
    const inputs = { ...WATCHED, only: 'latency' };
    expect((await runAction(project, inputs)).exitCode).toBe(0);
    expect((await runAction(project, { ...inputs, 'fail-on-undecided': 'true' })).exitCode).toBe(1);
    await project.commit('Another batch', () => writeProject(project.folder, 'watched', { batch: 2 }));
    const { exitCode, stderr } = await runAction(project, inputs);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('latency cannot be compared')]);
  });
});
