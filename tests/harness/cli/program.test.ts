import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts.js';
import { lightbench } from '../../support/command-line.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-cli-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const outputOf = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout, stderr, exitCode } = await lightbench(...args);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

describe('--json', () => {
  it.each([
    ['cost', ['cost', 'falconnet', '--input', '3x64x64', '--json']],
    ['cost --all', ['cost', '--all', '--json']],
    ['list', ['list', '--json']],
    ['doctor', ['doctor', '--json']],
    ['range', ['range', 'sf', '--set', 'channels=32', 'expansion=4', '--json']],
    ['speed', ['speed', 'sf', '--input', '16x8x8', '--seconds', '1', '--json']],
    [
      'speed',
      [
        'speed',
        'lightnet',
        '--set',
        'preset=small',
        '--input',
        '1x32x32',
        '--mode',
        'training',
        '--batch',
        '4',
        '--seconds',
        '1',
        '--json',
      ],
    ],
  ] as const)('%s keeps its contract', async (name, args) => {
    expect(CONTRACTS[name].safeParse(await outputOf(...args)).error).toBeUndefined();
  });

  it('of export too, and the file is what it says', async () => {
    const file = join(folder, 'repso.onnx');
    const report = CONTRACTS.export.parse(
      await outputOf('export', 'repso', '--input', '8x6x6', '--out', file, '--json'),
    );
    expect(report.bytes).toBe(readFileSync(file).length);
  });

  it('of doctor too where it verifies, and engines that agree are all well', async () => {
    // A GPU in software would take minutes.
    vi.stubEnv('VK_ICD_FILENAMES', '');
    const { ok, checks } = CONTRACTS.doctor.parse(await outputOf('doctor', '--verify', '--json'));
    vi.unstubAllEnvs();
    expect(ok).toBe(true);
    const compared = checks.filter(({ name }) => name === 'wasm against onnxruntime');
    expect(compared.length).toBeGreaterThan(4);
    expect(compared.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('has a published schema for every command', async () => {
    for (const name of Object.keys(CONTRACTS)) {
      expect(await outputOf('schema', name)).toMatchObject({ $schema: expect.any(String) });
    }
  });
});

describe("a user's mistake", () => {
  it.each([
    ['an unknown id', ['cost', 'mobilenot'], /Nothing is called mobilenot/],
    ['an unknown option of a part', ['cost', 'repso', '--set', 'branch=2'], /repso has no option branch/],
    ['a value out of range', ['cost', 'depthwise', '--set', 'kernel=4'], /kernel=4 is not allowed/],
    ['a setting that is none', ['cost', 'repso', '--set', 'branches'], /expected =/],
    ['a size that is none', ['cost', 'repso', '--input', '64x28'], /CHANNELSxHEIGHTxWIDTH/],
    ['a block where none fits', ['cost', 'repso', '--block', 'sandglass'], /no place for a block/],
    ['an unknown option', ['cost', 'repso', '--bogus'], /unknown option/],
    ['an unknown command', ['bench'], /unknown command/],
    ['an unknown suite', ['run', 'slow'], /no suite "slow"/],
    ['no suite', ['run'], /No suite is named/],
    ['zero seeds', ['run', 'quick', '--seeds', '0'], /at least 1/],
    ['a pattern that fits nothing', ['run', 'quick', '--only', 'resnet'], /No candidate of quick/],
    [
      'an impossible budget',
      ['run', 'quick', '--budget', 'params=5', '--dry-run'],
      /no value of .* brings its params/,
    ],
    ['an unknown engine', ['speed', 'repso', '--engine', 'torch'], /no engine torch/],
    [
      'a device that an engine does not have',
      ['run', 'quick', '--engine', 'onnxruntime:tpu'],
      /computes on cpu here, not on tpu/,
    ],
    [
      'a batch that no memory holds',
      ['speed', 'repso', '--mode', 'training', '--batch', '1000000000'],
      /not enough memory for training with a batch of 1000000000/,
    ],
    ['a folder that holds no run', ['report', 'tests'], /is not a run directory/],
    ['a file that cannot be written', ['export', 'repso', '--out', 'tests'], /cannot be written/],
    ['a plan changed on resume', ['run', '--resume', 'x', '--seeds', '3'], /does not go with --resume/],
  ])('such as %s is one paragraph, and exit code 2', async (_what, args, message) => {
    const { exitCode, stderr } = await lightbench(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(exitCode).toBe(2);
  });

  it('such as a malformed suite file names the field', async () => {
    const file = join(folder, 'bad.ts');
    writeFileSync(file, "export default { id: 'bad', seeds: 'three' };");
    const { exitCode, stderr } = await lightbench('run', file);
    expect(stderr).toMatch(/bad\.ts is not a suite: .*seeds/);
    expect(exitCode).toBe(2);
  });

  it('such as a folder in use changes nothing in it', async () => {
    writeFileSync(join(folder, 'suite.json'), '{}');
    const { exitCode, stderr } = await lightbench('run', 'tests/support/suites/tiny.ts', '--out', folder);
    expect(stderr).toMatch(/already holds a run.*--resume/);
    expect(exitCode).toBe(2);
    expect(readFileSync(join(folder, 'suite.json'), 'utf8')).toBe('{}');
  });
});

describe("a user's own block", () => {
  it('in a file of its own is costed like a registered one', async () => {
    const file = join(folder, 'my-block.ts');
    writeFileSync(
      file,
      `import { defineBlock, z } from 'lightbench';
       export default defineBlock({
         id: 'mine', summary: 'One dense convolution.', paper: 'none', options: z.strictObject({}),
         build: (g, x, { outChannels }) => g.conv2d('conv', x, { outChannels, kernel: 3 }),
       });`,
    );
    const alone = CONTRACTS.cost.parse(await outputOf('cost', file, '--input', '8x4x4', '--json'));
    expect([alone.id, alone.params, alone.macs]).toEqual(['mine', 8 * 8 * 9, 8 * 8 * 9 * 16]);
    const within = CONTRACTS.cost.parse(await outputOf('cost', 'lightnet', '--block', file, '--json'));
    expect(within.selection).toBe('lightnet(block=mine)');
  });
});
