/** Nothing loads what it does not use: with every native library made to fail, all that runs no network still works. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execaNode } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';

const NATIVE =
  /^(onnxruntime-node|sharp|@duckdb\/node-api|@tensorflow\/tfjs-node|@tensorflow\/tfjs-backend-wasm)/;

const asModule = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

const RESOLVER = asModule(`
export const resolve = (specifier, context, next) => {
  if (${NATIVE}.test(specifier)) throw new Error('made to fail: ' + specifier);
  return next(specifier, context);
};`);

const WITHOUT_NATIVE = [
  '--import',
  asModule(`import { register } from 'node:module'; register(${JSON.stringify(RESOLVER)});`),
];

const MAIN = 'dist/harness/cli/main.js';

const folder = mkdtempSync(join(tmpdir(), 'lightbench-loading-'));

afterAll(() => rmSync(folder, { recursive: true }));

const program = (...args: readonly string[]) =>
  execaNode(MAIN, args, { nodeOptions: WITHOUT_NATIVE, reject: false });

describe('without any native library', () => {
  it('the library is imported', async () => {
    const library = pathToFileURL('dist/index.js').href;
    const { stdout, stderr } = await execaNode(
      '-e',
      [`import(${JSON.stringify(library)}).then(({ planRun }) => console.log(typeof planRun))`],
      { nodeOptions: WITHOUT_NATIVE, reject: false },
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' });
  });

  it.each([
    ['cost', 'mobilenet-v2'],
    ['cost', '--all'],
    ['range', 'sf'],
    ['list'],
    ['export', 'depthwise', '--out', join(folder, 'depthwise.onnx')],
    ['report', 'docs/results/paper-channel', '--out', join(folder, 'report.html')],
    ['compare', 'benchmarks/baselines/catalogue', '--only', 'costs'],
    ['compare', 'docs/results/paper-channel', 'docs/results/paper-channel', '--only', 'costs'],
    ['schema', 'cost'],
    ['run', 'quick', '--dry-run'],
    ['run', '--help'],
  ])('lightbench %s %s works', async (...args) => {
    const { exitCode, stderr } = await program(...args);
    expect(stderr).not.toContain('made to fail');
    expect(exitCode).toBeLessThan(2);
  });
});
