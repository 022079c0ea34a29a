/** Where in a user's own code an error was made, by its stack. */
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Frame {
  readonly file: string;
  /** A user's file runs with its lines in their places; columns are those of what was made of it. */
  readonly line: number;
}

const FRAME = /^\s+at (?:.*? \()?(.+?):(\d+):\d+\)?$/;

export const framesOf = ({ stack = '' }: Error): readonly Frame[] =>
  stack.split('\n').flatMap((text) => {
    const [, file, line] = FRAME.exec(text) ?? [];
    if (file === undefined) return [];
    return [{ file: file.startsWith('file:') ? fileURLToPath(file) : file, line: Number(line) }];
  });

/** The innermost that is neither of lightbench nor of Node or an installed package. */
export const userFrame = (frames: readonly Frame[]): Frame | undefined =>
  frames.find(({ file }) => !isLibrary(file));

/** What holds `harness`: the sources or dist. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const OURS = ['blocks', 'harness', 'suites'].map((folder) => join(ROOT, folder, sep));

const isLibrary = (file: string): boolean =>
  file.startsWith('node:') ||
  file.includes(`${sep}node_modules${sep}`) ||
  OURS.some((folder) => file.startsWith(folder));
