import type { Readable } from 'node:stream';

/** Characters of a process's output that are kept. */
const KEPT = 20_000;

/** Lines, and characters of each, that are told of a process that failed. */
const [LINES, LINE] = [10, 500];

export interface LastWords {
  readonly text: () => string;
  /** The last of them, the newest at the end; none where nothing was written. */
  readonly lines: () => readonly string[];
}

/** Reads what a process writes, so that it never waits for a reader, and keeps the end of it. */
export const lastWords = (...streams: readonly Readable[]): LastWords => {
  let kept = '';
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT);
    });
  }
  const text = (): string => kept.trim();
  return {
    text,
    lines: () =>
      text()
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-LINES)
        .map((line) => line.trimEnd().slice(0, LINE)),
  };
};
