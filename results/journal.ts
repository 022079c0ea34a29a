/**
 * The journal of a run: one JSON line per event, only ever appended to. A line counts once its newline is on the disk; a
 * process killed while writing leaves at most one line without it, at the end.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../harness/user-error.js';
import { describeIssues, parseRecord } from './parse.js';
import { type JournalEvent, journalEventSchema } from './record.js';

export interface JournalContents {
  readonly events: readonly JournalEvent[];
  /** Bytes after the last newline: a line cut off while it was written. It does not count. */
  readonly tornBytes: number;
}

/** An open journal. Calls are synchronous: an event is either whole on the disk when `append` returns, or not there at all. */
export class Journal {
  /**
   * Opens the journal at `path` for appending, creates it where it is missing, and cuts off a torn last line.
   * @throws UserError where the path cannot be written.
   */
  static open(path: string): Journal {
    const file = explained(path, () => openSync(path, 'a+'));
    try {
      const { size } = fstatSync(file);
      const whole = wholeLineBytes(readAll(file, size));
      if (whole < size) ftruncateSync(file, whole);
      syncDirectory(dirname(path));
      return new Journal(path, file, size - whole, whole);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  private constructor(
    readonly path: string,
    private readonly file: number,
    /** Bytes of a torn last line that opening cut off. */
    readonly repairedBytes: number,
    private size: number,
  ) {}

  /**
   * Writes one event and flushes it to the disk.
   * @throws UserError where the disk is full; the journal then ends with the event before.
   * @throws Error where the event would not be readable, for example a loss that is not a number.
   */
  append(event: JournalEvent): void {
    const checked = journalEventSchema.safeParse(event);
    if (!checked.success) {
      throw new Error(`${event.event} event cannot be recorded: ${describeIssues(checked.error)}`);
    }
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    explained(this.path, () => this.write(line));
    this.size += line.length;
  }

  close(): void {
    closeSync(this.file);
  }

  private write(line: Buffer): void {
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.file, line, written);
      fsyncSync(this.file);
    } catch (error) {
      if (fstatSync(this.file).isFile()) ftruncateSync(this.file, this.size);
      throw error;
    }
  }
}

/**
 * Every whole line of the journal at `path`, validated.
 * @throws UserError naming file and line where one is not an event, and where the file cannot be read.
 */
export const readJournal = (path: string): JournalContents => {
  const bytes = explained(path, () => readFileSync(path));
  const whole = wholeLineBytes(bytes);
  const lines = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1);
  return {
    events: lines.map((line, index) =>
      parseRecord(journalEventSchema, line, `${path}, line ${index + 1}`, BAD_LINE_REMEDY),
    ),
    tornBytes: bytes.length - whole,
  };
};

const BAD_LINE_REMEDY =
  'Only lightbench writes this file: restore it from a copy, or delete this line and resume the run, ' +
  'which repeats the trial that the line recorded.';

const NEWLINE = 0x0a;

const wholeLineBytes = (bytes: Uint8Array): number => bytes.lastIndexOf(NEWLINE) + 1;

const readAll = (file: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let read = 0; read < size; ) read += readSync(file, bytes, read, size - read, read);
  return bytes;
};

/** A new file survives a power cut only once its directory entry is on the disk, too. Windows opens no directories. */
const syncDirectory = (path: string): void => {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
};

const explained = <T>(path: string, operation: () => T): T => {
  try {
    return operation();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const cause = CAUSES.get(code);
    throw cause === undefined ? error : new UserError(`${path}: ${cause.problem} (${code}).`, cause.remedy);
  }
};

const FULL = {
  problem: 'the disk or the quota is full',
  remedy: 'Free some space and resume the run: everything recorded so far is kept.',
};

const CAUSES: ReadonlyMap<string, { readonly problem: string; readonly remedy: string }> = new Map([
  ['ENOSPC', FULL],
  ['EDQUOT', FULL],
  ['EFBIG', FULL],
  [
    'EACCES',
    { problem: 'permission denied', remedy: 'Change its permissions, or choose another directory.' },
  ],
  ['EPERM', { problem: 'permission denied', remedy: 'Change its permissions, or choose another directory.' }],
  ['EROFS', { problem: 'the file system is read-only', remedy: 'Choose a directory that can be written.' }],
  ['ENOENT', { problem: 'no such file or directory', remedy: 'Name the directory of a run.' }],
  ['ENOTDIR', { problem: 'a part of the path is a file', remedy: 'Name the directory of a run.' }],
  ['EISDIR', { problem: 'is a directory', remedy: 'A journal is a file, journal.jsonl in a run directory.' }],
]);
