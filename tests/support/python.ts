import { execFileSync } from 'node:child_process';

/** Runs a Python program with bytes on its standard input; what it prints. Throws with its error output where it fails. */
export const runPython = (program: string, input: Uint8Array, ...args: readonly string[]): string =>
  execFileSync('python3', ['-c', program, ...args], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });

/** Why Python tests cannot run here: which of the modules is missing. Undefined where they can. */
export const pythonIsMissing = (...modules: readonly string[]): string | undefined => {
  try {
    execFileSync('python3', ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `python3 with ${modules.join(' and ')} is not installed`;
  }
};
