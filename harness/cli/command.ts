import type { Command } from 'commander';
import pc from 'picocolors';
import { wrapped } from '../../reports/text/words.js';
import type { UserError } from '../user/user-error.js';
import { visible, visibleLines } from '../user/visible.js';

/** Adds one command to the program. It sets the exit code where that is not 0. */
export type Register = (program: Command, setExitCode: (code: number) => void) => void;

/** Help text: examples, one a line. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ lightbench ${line}`).join('\n')}`;

export const printJson = (value: unknown): void => {
  printLine(JSON.stringify(value, null, 2));
};

/** Plain text, of one line or several. Names come from users and from other people's files: nothing in it moves a cursor or turns text. */
export const printLine = (text = ''): void => {
  process.stdout.write(`${visibleLines(text)}\n`);
};

/** Sentences: lines of a terminal end between words. */
export const printProse = (text: string, indent = ''): void =>
  printLine(wrapped(text, columnsOf(process.stdout) - indent.length).replace(/^/gm, indent));

/** A painted mark of so many columns, and after it a text whose lines end between words. */
export const printMarked = (mark: string, markWidth: number, text: string): void => {
  const lines = wrapped(visible(text), columnsOf(process.stdout) - markWidth - 1);
  printPainted(`${mark} ${lines.replaceAll('\n', `\n${' '.repeat(markWidth + 1)}`)}`);
};

const columnsOf = ({ columns }: { readonly columns?: number }): number => columns ?? Number.POSITIVE_INFINITY;

/** Text that has colours of its own, and no names but such as were made visible or plain before. */
export const printPainted = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** For people, on standard error. */
export const printNote = (text: string): void => {
  process.stderr.write(`${visibleLines(text)}\n`);
};

/** One paragraph on standard error. */
export const printMistake = ({ message, remedy }: UserError): void => {
  const sentence = /[.!?:]$/.test(message) ? message : `${message}.`;
  const text = wrapped(`error: ${visible(`${sentence} ${remedy}`)}`, columnsOf(process.stderr));
  process.stderr.write(`${text.replace('error:', pc.red('error:'))}\n`);
};
