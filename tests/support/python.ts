import { execFileSync } from 'node:child_process';

/** Runs a Python program with bytes on its standard input; what it prints. Throws with its error output where it fails. */
export const runPython = (program: string, input: Uint8Array, ...args: readonly string[]): string =>
  execFileSync('python3', ['-c', program, ...args], { input, encoding: 'utf8', maxBuffer: 2 ** 26 });

/** Why Python tests cannot run here: which of the modules is missing. Undefined where they can. They are looked up, not imported. */
export const pythonIsMissing = (...modules: readonly string[]): string | undefined => {
  try {
    execFileSync('python3', ['-c', FIND, ...modules], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `python3 with ${modules.join(' and ')} is not installed`;
  }
};

const FIND = `
import importlib.util, sys
sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))
`;
