/** The package as users have it: packed, and installed in an empty folder. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const INSTALLING = 300_000;

/** Why nothing can be installed here. Undefined where the registry answers. */
const registryIsMissing = (
  await execa('npm', ['view', 'zod', 'version', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'], {
    reject: false,
  })
).failed
  ? 'the npm registry does not answer'
  : undefined;

const folder = mkdtempSync(join(tmpdir(), 'lightbench-package-'));
const packed: string[] = [];
const installed = join(folder, 'node_modules/lightbench');

beforeAll(async () => {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await execa('npm', pack);
  const [{ filename, files }] = JSON.parse(stdout);
  packed.push(...files.map(({ path }: { path: string }) => path));
  if (registryIsMissing !== undefined) return;
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`], {
    cwd: folder,
  });
}, INSTALLING);

afterAll(() => rmSync(folder, { recursive: true }));

describe('the package', () => {
  it('has every file that its documentation links to', () => {
    const documents = packed.filter((path) => path.endsWith('.md'));
    expect(documents).toContain('README.md');
    const links = documents.flatMap((document) =>
      [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) =>
        join(dirname(document), target),
      ),
    );
    expect(links.filter((link) => !packed.includes(link))).toEqual([]);
  });

  it('has every document that its messages point to', () => {
    const sources = packed.filter((path) => path.endsWith('.js')).map((path) => readFileSync(path, 'utf8'));
    const documents = sources.flatMap((source) => source.match(/docs\/[\w/-]+\.md/g) ?? []);
    expect(documents).toContain('docs/suites.md');
    expect(documents.filter((document) => !packed.includes(document))).toEqual([]);
  });
});

describe('the installed package', () => {
  it.skipIf(registryIsMissing)(
    'has the native library, and nothing that had to be downloaded beside it',
    () => {
      const script = createRequire(join(installed, 'index.js')).resolve('onnxruntime-node/script/install.js');
      const libraries = join(dirname(script), '../bin/napi-v6', process.platform, process.arch);
      const sizes = readdirSync(libraries).map(
        (file) => [file, statSync(join(libraries, file)).size] as const,
      );
      const downloaded = sizes.filter(([file, size]) => file.includes('providers') && size > 1000);
      expect(sizes.map(([file]) => file)).toContain('onnxruntime_binding.node');
      expect(downloaded).toEqual([]);
    },
  );

  it.skipIf(registryIsMissing)('has the program', async () => {
    const { stdout } = await execa('npx', ['--no-install', 'lightbench', 'cost', 'mobilenet-v2'], {
      cwd: folder,
    });
    expect(stdout).toContain('3,504,872');
  });

  it.skipIf(registryIsMissing)('is a library of ES modules', async () => {
    const program = `import { buildNetwork, cost } from 'lightbench';
      console.log(cost(buildNetwork('mobilenet-v2', { input: [3, 224, 224], classes: 1000 })).params);`;
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
    expect(stdout).toBe('3504872');
  });

  it.skipIf(registryIsMissing).each(['node16', 'bundler'])(
    'has types for a module resolution of %s, and what they promise',
    async (moduleResolution) => {
      const project = join(folder, moduleResolution);
      mkdirSync(project);
      copyFileSync('tests/package/consumer.ts', join(project, 'consumer.ts'));
      const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution;
      // As a new project has it: strict, the types of libraries checked too, no types of Node.js.
      const compilerOptions = { strict: true, target: 'es2022', module, moduleResolution, types: [] };
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
      const compiled = await execa(process.execPath, [TSC, '-p', project], { reject: false });
      expect(compiled.stdout).toBe('');
      const { stdout } = await execa(process.execPath, ['consumer.js'], { cwd: project });
      expect(JSON.parse(stdout)).toEqual({ outputs: 10, exported: true });
    },
  );
});

const TSC = resolve('node_modules/.bin/tsc');
