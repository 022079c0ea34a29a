import { execaNode } from 'execa';
import { vi } from 'vitest';
import { runCommandLine } from '../../harness/cli/program.js';

/** Runs the command line from its sources in a process of its own. */
export const startLightbench = (...args: readonly string[]) =>
  execaNode('harness/cli/main.ts', [...args], {
    nodeOptions: ['--import', 'jiti/register'],
    reject: false,
    env: { NO_COLOR: '1' },
  });

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
