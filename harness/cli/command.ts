import type { Command } from 'commander';

/** Adds one command to the program. It sets the exit code where that is not 0. */
export type Register = (program: Command, setExitCode: (code: number) => void) => void;

/** Help text: examples, one a line. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ lightbench ${line}`).join('\n')}`;

export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

export const printLine = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};
