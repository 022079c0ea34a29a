/** The JSON of every command, as the built program prints it, fits the published schema. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import { buildProgram } from '../../../harness/cli/program.js';
import { builtProgram } from '../../support/command-line.js';
import { runFixture, writeRunDirectory } from '../../support/run-fixture.js';

/** In this order: later ones read what earlier ones write. */
const CASES: readonly (readonly [contract: keyof typeof CONTRACTS, ...args: string[]])[] = [
  ['init', 'init', 'study'],
  ['list', 'list', 'engines'],
  ['cost', 'cost', 'repso'],
  ['cost --all', 'cost', '--all'],
  ['range', 'range', 'sf'],
  ['speed', 'speed', 'sf', '--input', '16x8x8', '--seconds', '1'],
  ['profile', 'profile', 'sf', '--input', '16x8x8', '--seconds', '1'],
  ['export', 'export', 'repso', '--input', '8x6x6', '--out', 'repso.onnx'],
  ['doctor', 'doctor'],
  ['run --dry-run', 'run', 'suite.ts', '--dry-run'],
  ['run', 'run', 'suite.ts', '--out', 'runs/mine'],
  ['status', 'status', 'runs/mine'],
  ['report', 'report', 'runs/mine'],
  ['profile', 'profile', 'runs/mine', '--seconds', '1'],
  ['evaluate', 'evaluate', 'runs/mine'],
  ['figure', 'figure', 'runs/fixture'],
  ['figure', 'figure', 'runs/fixture', 'accuracy-params', '--out', 'figure.svg'],
  ['table', 'table', 'runs/fixture'],
  ['history', 'history', 'runs/fixture'],
  ['explain', 'explain', 'tie'],
  ['baseline', 'baseline', 'save', 'suite.ts'],
  ['baseline', 'baseline', 'show'],
  ['compare', 'compare', 'baseline', '--only', 'costs'],
  ['cache ls', 'cache', 'ls'],
  ['cache prune', 'cache', 'prune', '--dry-run'],
  ['completion', 'completion', 'bash'],
  ['schema', 'schema', 'run'],
];

/** Checked by tests of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  data: 'tests/harness/cli/program.test.ts',
  bisect: 'tests/harness/cli/bisect.slow.test.ts',
  setup: 'downloads an engine',
  import: 'tests/harness/import/import-block.slow.test.ts',
  serve: 'tests/harness/cli/until-stopped.process.test.ts',
  worker: 'tests/harness/cli/until-stopped.process.test.ts',
};

let folder: string;

const SUITE = `import { defineSuite } from 'lightbench';
export default defineSuite({
  id: 'tiny', title: 'Two blocks', question: 'Which is better?',
  skeleton: { stemWidth: 4, stemStrides: [1, 2], widths: [8, 16], depths: [1, 1], headWidth: 16 },
  data: { dataset: 'synthetic', size: 12 },
  recipe: { epochs: 1, batch: 20, learningRate: 0.05 },
  seeds: 1,
  latency: { sessions: 2, rounds: 4 },
  candidates: [{ name: 'inverted', block: 'inverted-residual' }, { name: 'sandglass', block: 'sandglass' }],
});
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-json-'));
  mkdirSync(join(folder, 'runs'));
  writeRunDirectory(join(folder, 'runs/fixture'), runFixture());
  writeFileSync(join(folder, 'suite.ts'), SUITE);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('--json', () => {
  it.each(CASES.map((one) => [one[0], one.slice(1)] as const))(
    '%s: lightbench %s',
    async (contract, args) => {
      const env = { XDG_CACHE_HOME: join(folder, 'cache') };
      const { stdout, stderr } = await builtProgram(folder, env, ...args, '--json');
      const { error } = CONTRACTS[contract].safeParse(stdout === '' ? stderr : JSON.parse(stdout));
      expect(error).toBeUndefined();
    },
  );

  it('is checked of every command that has it', () => {
    const checked = new Set([...CASES.map(([, name]) => name), ...Object.keys(ELSEWHERE)]);
    const withJson = (command: Command): boolean =>
      command.options.some(({ long }) => long === '--json') || command.commands.some(withJson);
    const { commands } = buildProgram(new Command('lightbench'), () => {});
    expect(
      commands
        .filter(withJson)
        .map((one) => one.name())
        .filter((name) => !checked.has(name)),
    ).toEqual([]);
  });
});
