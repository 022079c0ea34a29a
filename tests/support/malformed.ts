/** Inputs as no program writes them. Each is refused in a sentence, or read as what it was before; nothing else may come of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Command } from 'commander';
import fc from 'fast-check';
import { COMMANDS } from '../../harness/cli/commands/registry.js';
import { readIdx } from '../../harness/data/idx.js';
import { checkSuite } from '../../harness/run/plan/suite/suite-schema.js';
import { scanJournal } from '../../results/journal/journal-lines.js';
import { loadRun, RUN_FILES } from '../../results/run/load-run.js';
import { asserted, edited, edits, type Outcome, refusal } from './edits.js';
import { idxFile } from './idx.js';
import { runFixture, writeRunDirectory } from './run-fixture.js';
import { suiteSpec } from './suite.js';

export interface Malformed {
  readonly name: string;
  /** Asserts the property on so many inputs; tells how often each outcome was. */
  readonly check: (inputs: number) => Promise<Readonly<Record<Outcome, number>>>;
}

const fixture = runFixture({ epochs: 1, seeds: 1 });

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-malformed-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const journal: Malformed = {
  name: 'journal',
  check: (inputs) =>
    inFolder((folder) => {
      writeRunDirectory(folder, fixture);
      const whole = readFileSync(join(folder, RUN_FILES.journal));
      const known = new Set(fixture.events.map((event) => JSON.stringify(event)));
      return asserted(edits, inputs, (all) => {
        try {
          const { events, damaged } = scanJournal(edited(whole, all), 'journal');
          const unknown = events.find((event) => !known.has(JSON.stringify(event)));
          if (unknown) throw new Error(`Taken for what was written: ${JSON.stringify(unknown)}`);
          return damaged.length > 0 ? 'refused' : 'same';
        } catch (error) {
          return refusal(error);
        }
      });
    }),
};

const plan: Malformed = {
  name: 'plan',
  check: (inputs) =>
    inFolder((folder) => {
      writeRunDirectory(folder, fixture);
      const file = join(folder, RUN_FILES.plan);
      const whole = readFileSync(file);
      return asserted(edits, inputs, async (all) => {
        writeFileSync(file, edited(whole, all));
        try {
          const read = (await loadRun(folder)).plan;
          if (!isDeepStrictEqual(read, fixture.plan))
            throw new Error('Another plan was taken for the one that was written.');
          return 'same';
        } catch (error) {
          return refusal(error);
        }
      });
    }),
};

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    2 ** 53,
    0.5,
    '',
    true,
    () => 1,
    Symbol('x'),
    1n,
  ),
  fc.constantFrom(
    new Date(Number.NaN),
    new Map(),
    new Set([1]),
    /x/,
    [],
    {},
    Object.create(null),
    new Uint8Array(3),
  ),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true}}')),
  fc.anything({ maxDepth: 3 }),
  fc.string({ maxLength: 20_000 }),
);

/** Fields of a suite, from its top. */
const PATHS = [
  ...[
    'id',
    'title',
    'question',
    'skeleton',
    'data',
    'recipe',
    'seeds',
    'candidates',
    'budget',
    'latency',
    'claims',
  ],
  ...[
    'thresholds',
    'tuning',
    'surplus',
    'data.dataset',
    'data.size',
    'data.fit',
    'data.trainImages',
    'recipe.epochs',
  ],
  ...[
    'recipe.batch',
    'recipe.learningRate',
    'recipe.optimizer',
    'recipe.augmentation',
    'latency.threads',
    'latency.rounds',
  ],
  ...[
    'candidates.0',
    'candidates.0.name',
    'candidates.0.block',
    'candidates.0.set',
    'candidates.0.knob',
    'candidates.1',
  ],
].map((path) => path.split('.'));

const withValue = (value: unknown, [key, ...rest]: readonly string[], inner: unknown): unknown => {
  if (key === undefined) return inner;
  if (Array.isArray(value))
    return value.map((one, index) => (String(index) === key ? withValue(one, rest, inner) : one));
  const fields = typeof value === 'object' && value !== null ? value : {};
  return { ...fields, [key]: withValue(Reflect.get(fields, key), rest, inner) };
};

const suite: Malformed = {
  name: 'suite',
  check: (inputs) => {
    const changed = fc.array(fc.tuple(fc.constantFrom(...PATHS), leaf), { minLength: 1, maxLength: 3 });
    return asserted(fc.oneof(leaf, changed), inputs, (input) => {
      const spec = isChanges(input)
        ? input.reduce<unknown>((whole, [path, inner]) => withValue(whole, path, inner), suiteSpec())
        : input;
      try {
        const read = checkSuite(spec, 'my-suite.ts');
        if (!everyNumberIs(Number.isFinite, read)) throw new Error('A number that is none was taken.');
        if (!(read.seeds >= 1 && read.seeds <= 10_000 && read.data.size >= 1))
          throw new Error('Nonsense was taken.');
        return 'same';
      } catch (error) {
        return refusal(error);
      }
    });
  },
};

const isChanges = (input: unknown): input is readonly (readonly [readonly string[], unknown])[] =>
  Array.isArray(input) &&
  input.length > 0 &&
  input.every((one) => Array.isArray(one) && one.length === 2 && PATHS.includes(one[0]));

const everyNumberIs = (test: (value: number) => boolean, value: unknown): boolean => {
  if (typeof value === 'number') return test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((inner) => everyNumberIs(test, inner));
};

const SHAPE = [6, 4, 4] as const;
const VALUES = Uint8Array.from({ length: 96 }, (_, index) => index * 2);

const data: Malformed = {
  name: 'data file',
  check: (inputs) =>
    inFolder((folder) => {
      const file = join(folder, 'images.gz');
      const plain = idxFile(SHAPE, VALUES);
      const packed = gzipSync(plain);
      return asserted(fc.tuple(edits, fc.boolean()), inputs, async ([all, isInside]) => {
        const bytes = isInside ? gzipSync(edited(plain, all)) : edited(packed, all);
        writeFileSync(file, bytes);
        try {
          const { shape, values } = await readIdx(file, 3, 4_096);
          // The images have no checksum of their own: that is the data set's. But they are as many as is said.
          if (shape.reduce((product, size) => product * size, 1) !== values.length)
            throw new Error('Values are missing.');
          if (!isInside && !gunzipSync(bytes).equals(plain)) throw new Error('Damage was taken for data.');
          return 'same';
        } catch (error) {
          return refusal(error);
        }
      });
    }),
};

/** Every command as it is, but that it does nothing once its words are understood. */
const idleProgram = (): Command => {
  const program = new Command('lightbench')
    .showSuggestionAfterError()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .exitOverride();
  for (const register of Object.values(COMMANDS).flat()) register(program, () => {});
  const idle = (command: Command): void => {
    command.copyInheritedSettings(program);
    if (command.commands.length === 0) command.action(() => {});
    for (const inner of command.commands) idle(inner);
  };
  for (const command of program.commands) idle(command);
  return program;
};

const WORDS = idleProgram().commands.flatMap((command) => [
  command.name(),
  ...command.commands.map((inner) => inner.name()),
  ...[command, ...command.commands].flatMap(({ options }) => options.map(({ long }) => long ?? '--help')),
]);

const word: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  fc.constantFrom(
    'quick',
    '1',
    '0',
    '-1',
    '1e9',
    '90s',
    '2G',
    'params=1.5M',
    'a=1',
    '0.05,0.1',
    '3x224x224',
    '30d',
  ),
  fc.constantFrom(
    '__proto__=1',
    'constructor=1',
    'a=__proto__',
    '__proto__',
    '--__proto__',
    '--constructor=1',
    '--',
    '-',
    '',
  ),
  fc.constantFrom(
    '=HYPERLINK("x")',
    '\u001b[2J',
    '\u0000',
    '../../../etc/passwd',
    '('.repeat(5_000),
    '9'.repeat(5_000),
  ),
  fc.string({ maxLength: 30 }),
);

const commandLine: Malformed = {
  name: 'command line',
  check: (inputs) =>
    asserted(
      fc.tuple(fc.constantFrom(...WORDS), fc.array(word, { maxLength: 6 })),
      inputs,
      async ([first, more]) => {
        try {
          const program = idleProgram();
          await program.parseAsync([first, ...more], { from: 'user' });
          for (const command of program.commands) {
            if (!everyNumberIs(Number.isFinite, command.opts()))
              throw new Error('A number that is none was taken.');
          }
          return 'same';
        } catch (error) {
          return refusal(error);
        }
      },
    ),
};

export const MALFORMED: readonly Malformed[] = [journal, plan, suite, data, commandLine];
