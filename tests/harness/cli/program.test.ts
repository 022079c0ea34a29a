import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findDefinition, listDefinitions } from '../../../blocks/lookup.js';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import { lockRun } from '../../../harness/run/folder/lock.js';
import { lightbench } from '../../support/command-line.js';
import { writeImageFolder } from '../../support/image-folder.js';
import { runFixture, writeRunDirectory } from '../../support/run-fixture.js';

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
    ['list', ['list', 'repso', '--json']],
    ['list', ['list', '--filter', 'shuffle', '--json']],
    ['doctor', ['doctor', '--json']],
    ['completion', ['completion', 'zsh', '--json']],
    ['schema', ['schema', 'suite', '--json']],
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

  it('of data too, prepared and checked', async () => {
    vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
    const photos = join(folder, 'photos');
    await writeImageFolder(photos, ['a', 'b'], { train: 3, val: 2 });
    const made = CONTRACTS.data.parse(await outputOf('data', 'prepare', photos, '--size', '6', '--json'));
    const images = { train: 4, validation: 2, test: 4 };
    expect(made).toMatchObject({ folder: `${photos}-6`, classes: 2, images, shortSide: 6 });
    const checked = CONTRACTS.data.parse(await outputOf('data', 'check', `${photos}-6`, '--json'));
    expect(checked).toMatchObject({ images, contentHash: made.contentHash });
    writeFileSync(join(`${photos}-6`, 'train.rgb'), Buffer.alloc(made.bytes ?? 0));
    await expect(outputOf('data', 'check', `${photos}-6`)).rejects.toThrow(/train\.rgb is damaged/);
    await expect(outputOf('data', 'prepare', 'fashion-mnist')).rejects.toThrow(/lie in memory/);
  });

  it('of export too, and the file is what it says', async () => {
    const file = join(folder, 'repso.onnx');
    const report = CONTRACTS.export.parse(
      await outputOf('export', 'repso', '--input', '8x6x6', '--out', file, '--json'),
    );
    expect(report.bytes).toBe(readFileSync(file).length);
  });

  it('of export tells weights that came with a network from untrained ones', async () => {
    const [file, copy] = ['net.onnx', 'copy.onnx'].map((name) => join(folder, name));
    const weightsOf = async (...args: readonly string[]) =>
      CONTRACTS.export.parse(await outputOf('export', ...args, '--json')).weights;
    const small = ['--set', 'preset=small', '--input', '1x16x16', '--classes', '4'];
    expect(await weightsOf('lightnet', ...small, '--out', file ?? '')).toMatch(/^untrained: /);
    expect(await weightsOf(file ?? '', '--out', copy ?? '')).toMatch(/^untrained: /);
    expect(await weightsOf(file ?? '', '--set', 'init=file', '--out', copy ?? '')).toMatch(
      /^those of its file/,
    );
  });

  it('has a published schema for every command', async () => {
    for (const name of Object.keys(CONTRACTS)) {
      expect(await outputOf('schema', name)).toMatchObject({ $schema: expect.any(String) });
    }
  });
});

describe('list', () => {
  it.each(listDefinitions().map(({ id }) => id))('shows %s: its options, slots and costs', async (id) => {
    const { stdout, exitCode } = await lightbench('list', id);
    expect(exitCode).toBe(0);
    const { options, slots } = findDefinition(id);
    for (const name of [...Object.keys(options.shape), ...Object.keys(slots)]) expect(stdout).toContain(name);
    expect(stdout).toMatch(/^train form .*\d$|^train form .*\d /m);
    expect(stdout).toMatch(/Example: lightbench cost /);
  });

  it('helps with a filter that finds nothing', async () => {
    const { stdout, exitCode } = await lightbench('list', 'operators', '--filter', 'shufle');
    expect([exitCode, stdout]).toEqual([0, 'Nothing matches the filter. Did you mean shuffled?\n']);
  });

  it('shows only what the filter finds', async () => {
    const { stdout } = await lightbench('list', 'networks', '--filter', '^shuffle');
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0]),
    ).toEqual(['shufflenet-v1', 'shufflenet-v2']);
  });
});

describe("a user's mistake", () => {
  it.each([
    ['an unknown id', ['cost', 'mobilenot'], /Unknown part "mobilenot"\. Did you mean/],
    ['an unknown list', ['list', 'blokcs'], /Unknown part "blokcs"/],
    ['an unknown option of a part', ['cost', 'repso', '--set', 'branch=2'], /repso has no option branch/],
    ['a value out of range', ['cost', 'depthwise', '--set', 'kernel=4'], /kernel=4 is not allowed/],
    ['a setting that is none', ['cost', 'repso', '--set', 'branches'], /expected =/],
    ['a size that is none', ['cost', 'repso', '--input', '64x28'], /CHANNELSxHEIGHTxWIDTH/],
    ['a block where none fits', ['cost', 'repso', '--block', 'sandglass'], /does not take a block/],
    ['an unknown option', ['cost', 'repso', '--bogus'], /unknown option/],
    ['an unknown command', ['bench'], /unknown command/],
    ['help on an unknown command', ['help', 'serv'], /Unknown command "serv"\. Did you mean serve\?/],
    ['help on an unknown part of one', ['data', 'help', 'chek'], /Did you mean check\?/],
    ['help on nothing like a command', ['help', 'nope'], /Unknown command "nope"\. lightbench --help lists/],
    ['a slip in a pattern', ['run', 'quick', '--only', 'repos'], /of quick\. Did you mean repso\?/],
    ['a slip in a list', ['table', 'x', '--columns', 'tpo1'], /"tpo1"\. Did you mean top1\?/],
    ['a slip in a budget', ['run', 'quick', '--budget', 'parms=30k'], /Did you mean params\?/],
    ['a slip in a device', ['run', 'quick', '--device', 'native,broswer'], /Did you mean browser\?/],
    [
      'a slip in an option',
      ['cost', 'repso', '--form', 'depoly'],
      /'depoly' is invalid\. Did you mean deploy\?/,
    ],
    ['a slip in an argument', ['schema', 'runn'], /'runn' is invalid .*Did you mean run\?/],
    ['a shell that is none', ['completion', 'tcl'], /Allowed choices are bash, zsh, fish, powershell\./],
    ['an unknown suite', ['run', 'slow'], /Unknown suite "slow"/],
    ['no suite', ['run'], /Missing suite/],
    ['an empty suite', ['run', '', '--dry-run'], /The value of suite is empty\. Give one, or leave it out/],
    ['an empty folder', ['run', 'quick', '--out', ''], /The value of --out is empty/],
    ['an empty folder of a command within another', ['cache', 'ls', '--cache', ''], /--cache is empty/],
    ['an empty word among several', ['explain', 'tie', ''], /The value of word is empty/],
    ['zero seeds', ['run', 'quick', '--seeds', '0'], /from 1 to 10000/],
    ['millions of seeds', ['run', 'quick', '--seeds', '1e7'], /from 1 to 10000/],
    ['billions of classes', ['export', 'mobilenet-v2', '--classes', '1e9', '--out', 'x'], /from 1 to 100000/],
    ['a pattern that fits nothing', ['run', 'quick', '--only', 'resnet'], /matches no candidate of quick/],
    [
      'an impossible budget',
      ['run', 'quick', '--budget', 'params=5', '--dry-run'],
      /no value of .* brings its params/,
    ],
    ['an unknown engine', ['speed', 'repso', '--engine', 'torch'], /Unknown engine "torch"/],
    [
      'a device that an engine does not have',
      ['run', 'quick', '--engine', 'onnxruntime:tpu'],
      /Here, onnxruntime runs on cpu, not on tpu/,
    ],
    [
      'a batch that no memory holds',
      ['speed', 'repso', '--mode', 'training', '--batch', '65536', '--input', '64x224x224'],
      /Not enough memory for training with a batch of 65536/,
    ],
    ['a folder that holds no run', ['report', 'tests'], /is not a run folder/],
    ['a file that cannot be written', ['export', 'repso', '--out', 'tests'], /cannot be written/],
    [
      'a plan changed on resume',
      ['run', '--resume', 'x', '--seeds', '3'],
      /cannot be combined with --resume/,
    ],
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

  describe.each([
    ['evaluate', (place: string) => ['evaluate', place]],
    ['report', (place: string) => ['report', place]],
    ['status', (place: string) => ['status', place]],
    ['table', (place: string) => ['table', place]],
    ['figure', (place: string) => ['figure', place]],
    ['serve', (place: string) => ['serve', place, '--port', '0']],
    ['export', (place: string) => ['export', place, '--candidate', 'repso', '--out', 'x.onnx']],
    ['run --resume', (place: string) => ['run', '--resume', place]],
  ])('of the run that %s is to read', (_command, argsFor) => {
    const refusal = async (place: string): Promise<string> => {
      const { exitCode, stderr } = await lightbench(...argsFor(place));
      expect(exitCode).toBe(2);
      return stderr;
    };

    it('says that there is no such folder, or that it holds no run', async () => {
      expect(await refusal(join(folder, 'nowhere'))).toMatch(/no such file or directory/);
      expect(await refusal(mkdtempSync(join(folder, 'empty-')))).toMatch(/is not a run folder: suite\.json/);
    });
  });

  it.each(['report', 'status', 'table', 'figure', 'serve'])(
    'such as a file where %s takes the folder of a run is told',
    async (command) => {
      const file = join(folder, 'plain.txt');
      writeFileSync(file, '');
      expect((await lightbench(command, file)).stderr).toMatch(/plain\.txt is a file, not a folder/);
    },
  );

  it('such as a folder that another process runs in names its owner, with --out as with --resume', async () => {
    const place = join(folder, 'owned');
    writeRunDirectory(place, runFixture({ epochs: 1 }));
    const lock = await lockRun(place);
    const refusals = [
      await lightbench('run', 'tests/support/suites/tiny.ts', '--out', place),
      await lightbench('run', '--resume', place),
    ];
    lock.release();
    for (const { exitCode, stderr } of refusals) {
      expect(stderr).toContain(`${place} is in use: process ${process.pid} of `);
      expect(exitCode).toBe(2);
    }
    const free = await lightbench('run', 'tests/support/suites/tiny.ts', '--out', place);
    expect(free.stderr).toMatch(/already contains a run.*--resume/);
  });

  it('such as a folder in use changes nothing in it', async () => {
    writeFileSync(join(folder, 'suite.json'), '{}');
    const { exitCode, stderr } = await lightbench('run', 'tests/support/suites/tiny.ts', '--out', folder);
    expect(stderr).toMatch(/already contains a run.*--resume/);
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
    const operator = 'docs/examples/my-operator.ts';
    const inSlot = ['cost', 'meta-light', '--set', `spatial=${operator}(kernel=5)`, '--json'] as const;
    expect(CONTRACTS.cost.parse(await outputOf(...inSlot)).selection).toBe(
      'meta-light(spatial=cross(kernel=5))',
    );
  });
});
