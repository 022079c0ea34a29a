import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { builtProgram } from '../../support/command-line.js';
import { it } from '../../support/folder.js';

const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const typesOf = (folder: string) => execa(process.execPath, [TSC, '-p', folder], { reject: false });

describe('lightbench init', () => {
  it('writes a suite that can be planned, in a folder of its own', async ({ folder }) => {
    const { exitCode, stdout } = await builtProgram(folder, {}, 'init', 'study');
    expect(exitCode).toBe(0);
    expect(readdirSync(join(folder, 'study')).sort()).toEqual([
      'my-block.ts',
      'my-suite.ts',
      'tsconfig.json',
    ]);
    const [, command = ''] = /^plan +npx lightbench (.*)$/m.exec(stdout) ?? [];
    const plan = await builtProgram(folder, {}, ...command.split(' '));
    expect([plan.exitCode, plan.stderr]).toEqual([0, '']);
    expect(plan.stdout).toContain('my block with RepSO');
  });

  it('writes a suite in YAML with the schema that its editor needs', async ({ folder }) => {
    const { exitCode, stdout } = await builtProgram(folder, {}, 'init', 'study', '--yaml');
    expect(exitCode).toBe(0);
    const suite = readFileSync(join(folder, 'study', 'my-suite.yaml'), 'utf8');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(suite) ?? [];
    expect(JSON.parse(readFileSync(join(folder, 'study', schema), 'utf8')).required).toContain('candidates');
    const [, command = ''] = /^plan +npx lightbench (.*)$/m.exec(stdout) ?? [];
    const plan = await builtProgram(folder, {}, ...command.split(' '));
    expect([plan.exitCode, plan.stderr]).toEqual([0, '']);
    expect(plan.stdout).toContain('RepSO');
  });

  it('lets the compiler find a field that no suite has', async ({ folder }) => {
    await builtProgram(folder, {}, 'init');
    expect((await typesOf(folder)).stdout).toBe('');
    const suite = join(folder, 'my-suite.ts');
    writeFileSync(suite, readFileSync(suite, 'utf8').replace('seeds: 3,', 'seeds: 3, latnecy: {},'));
    expect((await typesOf(folder)).stdout).toMatch(/my-suite\.ts.*latnecy/);
  });

  it('overwrites nothing', async ({ folder }) => {
    mkdirSync(join(folder, 'study'));
    writeFileSync(join(folder, 'study/my-block.ts'), 'mine');
    const { exitCode, stderr } = await builtProgram(folder, {}, 'init', 'study');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/already has my-block\.ts; nothing was written/),
    ]);
    expect(readdirSync(join(folder, 'study'))).toEqual(['my-block.ts']);
  });
});
