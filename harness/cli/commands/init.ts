import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { makeFolders } from '../../files/make-folders.js';
import { fileError } from '../../files/system-error.js';
import { packageRoot } from '../../package/package-root.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { guideOf } from '../guides.js';
import { writeOutput } from '../write-output.js';

const BLOCK = 'my-block.ts';
const SUITE = 'my-suite.ts';
const TYPES = 'tsconfig.json';

/** For those who write no programs. */
const YAML_SUITE = 'my-suite.yaml';
const SCHEMA = 'suite.schema.json';

export const initCommand: Register = (program) => {
  program
    .command('init')
    .summary('start a suite of your own: a block, a suite, types')
    .description(
      'Writes a block, a suite that compares it with a published one, and a tsconfig.json that catches typing mistakes. Existing files are never overwritten. With --yaml it writes a ' +
        'suite in YAML, and the schema by which editors complete and check it.',
    )
    .argument('[dir]', 'the folder, made where it does not exist', '.')
    .option('--yaml', 'a suite in YAML, without a block of your own')
    .option('--json', 'print JSON; see lightbench schema init')
    .addHelpText('after', examples('init my-study', 'init my-study --yaml'))
    .action(async (directory: string, { yaml, json }: { readonly yaml?: true; readonly json?: true }) => {
      const folder = resolve(directory);
      const files = yaml ? await yamlFiles() : await programFiles(folder);
      const there = [...files.keys()].filter((file) => existsSync(join(folder, file)));
      if (there.length > 0) {
        throw new UserError(
          `${directory} already has ${there.join(' and ')}; nothing was written.`,
          'Name another folder.',
        );
      }
      await makeFolders(folder).catch((error: unknown) => {
        throw fileError(error, { path: folder, use: 'written' });
      });
      for (const [file, content] of files) await writeOutput(join(folder, file), content);
      const suite = join(relative('', folder), yaml ? YAML_SUITE : SUITE);
      const written = [...files.keys()].map((file) => join(relative('', folder), file));
      if (json) return printJson({ suite, files: written.filter((file) => file !== suite) });
      printLine(`wrote    ${written.join(', ')}`);
      printLine(`plan     npx lightbench run ${suite} --dry-run`);
      printLine(`run      npx lightbench run ${suite}`);
      printLine(`guide    ${join(packageRoot(), yaml ? 'docs/suites.md' : guideOf('init'))}`);
    });
};

type Files = ReadonlyMap<string, string>;

const fromDocs = (file: string): Promise<string> => readFile(join(packageRoot(), 'docs', file), 'utf8');

const programFiles = async (folder: string): Promise<Files> =>
  new Map([
    [BLOCK, await fromDocs(`examples/${BLOCK}`)],
    [SUITE, await fromDocs(`examples/${SUITE}`)],
    [TYPES, `${JSON.stringify(typesFor(folder), null, 2)}\n`],
  ]);

const yamlFiles = async (): Promise<Files> =>
  new Map([
    [YAML_SUITE, (await fromDocs(`examples/${YAML_SUITE}`)).replace(`../${SCHEMA}`, SCHEMA)],
    [SCHEMA, await fromDocs(SCHEMA)],
  ]);

/** For editors and tsc; the program itself runs TypeScript without checking types. */
const typesFor = (folder: string) => ({
  compilerOptions: {
    target: 'es2022',
    module: 'preserve',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    ...(resolvesFrom(folder)
      ? {}
      : { paths: { lightbench: [relative(folder, join(packageRoot(), 'dist/index.d.ts'))] } }),
  },
  include: ['*.ts'],
});

const resolvesFrom = (folder: string): boolean => {
  try {
    createRequire(join(folder, SUITE)).resolve('lightbench/package.json');
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
};
