import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execaNode } from 'execa';
import { vi } from 'vitest';
import { runCommandLine } from '../../harness/cli/program.js';

/** Runs the built command line in a process of its own. */
export const startLightbench = (...args: readonly string[]) =>
  execaNode('dist/harness/cli/main.js', [...args], { reject: false });

/** Runs the built command line in another folder, with these variables. */
export const builtProgram = (
  cwd: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
) =>
  execaNode(resolve('dist/harness/cli/main.js'), [...args], {
    cwd,
    reject: false,
    env,
  });

/** The built library. */
export const builtLibrary = () => builtModule<typeof import('../../index.js')>('index.js');

/** A built module by its path in dist: its worker processes start faster than those of the sources. */
export const builtModule = <M>(path: string): Promise<M> => import(pathToFileURL(`dist/${path}`).href);

/** Runs the command line in this process. */
export const lightbench = async (
  ...args: readonly string[]
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> => {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    const exitCode = await runCommandLine(args);
    return { exitCode, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
};
