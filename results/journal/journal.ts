/**
 * The journal of a run: one JSON line per event, only ever appended to. A line counts once its newline is on the disk; a
 * process killed while writing leaves at most one line without it, at the end. What no longer counts is kept beside it.
 */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type FailedUse, fileError } from '../../harness/files/system-error.js';
import { UserError } from '../../harness/user/user-error.js';
import { describeIssues } from '../parse.js';
import { sealOf } from './checksum.js';
import { type JournalEvent, journalEventSchema } from './events.js';
import {
  type DamagedLine,
  journalLine,
  type ScannedJournal,
  scanJournal,
  wholeBytes,
} from './journal-lines.js';

export interface JournalContents {
  readonly events: readonly JournalEvent[];
  /** Bytes after the last line end: a line cut off while it was written. It does not count. */
  readonly tornBytes: number;
  /** How many lines there once were and are no more: damaged, and set aside. */
  readonly missingLines: number;
  /** Whether its lines have checksums from the first on: those of earlier versions have none. */
  readonly isSealed: boolean;
}

/**
 * An open journal, of one process at a time. Calls are synchronous: an event is either whole on the disk when `append` returns, or not
 * there at all.
 */
export class Journal {
  /**
   * Opens the journal at `path` for appending, creates it where it is missing, and moves a torn last line to a file beside it.
   * @param mayAppend is asked before every line, and throws where it may not be written.
   * @throws UserError where the path cannot be written, or a line is damaged.
   */
  static open(path: string, mayAppend: () => void = () => {}): Journal {
    const file = explained(path, 'written', () => openSync(path, 'a+'));
    try {
      const bytes = readAll(file, fstatSync(file).size);
      const { damaged, run, next } = scanJournal(bytes, path);
      requireWhole(path, damaged);
      const whole = wholeBytes(bytes);
      if (whole < bytes.length) {
        explained(path, 'written', () => {
          setAside(path, bytes.subarray(whole));
          ftruncateSync(file, whole);
        });
      }
      syncDirectory(dirname(path));
      return new Journal(path, file, mayAppend, bytes.length - whole, {
        size: whole,
        run: run ?? randomBytes(8).toString('hex'),
        next,
      });
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  private constructor(
    readonly path: string,
    private readonly file: number,
    private readonly mayAppend: () => void,
    /** Bytes of a torn last line that opening cut off. */
    readonly repairedBytes: number,
    private readonly end: { size: number; next: number; readonly run: string },
  ) {}

  /** What names the run in its lines. */
  get run(): string {
    return this.end.run;
  }

  /**
   * Writes one event and flushes it to the disk.
   * @throws UserError where the disk is full; the journal then ends with the event before. Also where another process has written to it.
   * @throws Error where the event would not be readable, for example a loss that is not a number.
   */
  append(event: JournalEvent): void {
    const checked = journalEventSchema.safeParse(event);
    if (!checked.success) {
      throw new Error(`${event.event} event cannot be recorded: ${describeIssues(checked.error)}`);
    }
    this.mayAppend();
    const line = Buffer.from(`${journalLine(event, this.end.run, this.end.next)}\n`);
    explained(this.path, 'written', () => this.write(line));
    this.end.size += line.length;
    this.end.next += 1;
  }

  close(): void {
    closeSync(this.file);
  }

  private write(line: Buffer): void {
    const { size } = this.end;
    if (this.isFile() && fstatSync(this.file).size !== size) {
      throw new UserError(
        `${this.path} was written to by another process.`,
        'A run belongs to one process at a time: end the others, and resume it.',
      );
    }
    let written = 0;
    try {
      while (written < line.length) written += writeSync(this.file, line, written);
      fsyncSync(this.file);
    } catch (error) {
      if (this.isFile() && fstatSync(this.file).size === size + written) ftruncateSync(this.file, size);
      throw error;
    }
  }

  private isFile(): boolean {
    return fstatSync(this.file).isFile();
  }
}

/**
 * Every event of the journal at `path`.
 * @throws UserError naming file and line where one is damaged, and where the file cannot be read.
 */
export const readJournal = (path: string): JournalContents => {
  const { events, lines, tornBytes, missing, damaged } = scan(path);
  requireWhole(path, damaged);
  return { events, tornBytes, missingLines: missing, isSealed: sealOf(lines[0] ?? '') === 'whole' };
};

/**
 * Removes a journal's damaged lines; what they recorded counts as not done. If the first line is lost, damaged or gone, `beginning` takes
 * its place. The journal as it was is kept beside it.
 * @returns the damaged lines, and the file that holds the journal as it was; null where nothing is lost.
 * @throws UserError where nothing is left to go on from, and where the folder cannot be written.
 */
export const repairJournal = (
  path: string,
  beginning: JournalEvent,
): { readonly damaged: readonly DamagedLine[]; readonly keptIn: string } | null => {
  const { damaged, lines, run, events } = scan(path);
  const begins = events[0]?.event === beginning.event;
  if (damaged.length === 0 && (begins || events.length === 0)) return null;
  if (events.length === 0) requireWhole(path, damaged);
  return explained(path, 'written', () => {
    const keptIn = setAside(path, readFileSync(path));
    const isSealed = sealOf(lines[0] ?? '') === 'whole' && run !== null;
    const first = isSealed ? journalLine(beginning, run, 1) : JSON.stringify(beginning);
    replaceWhole(path, [...(begins ? [] : [first]), ...lines].map((line) => `${line}\n`).join(''));
    return { damaged, keptIn };
  });
};

const scan = (path: string): ScannedJournal =>
  scanJournal(
    explained(path, 'read', () => readFileSync(path)),
    path,
  );

const requireWhole = (path: string, [first, ...more]: readonly DamagedLine[]): void => {
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` Damaged, too: ${more.map(({ line }) => line).join(', ')}.`;
  throw new UserError(
    `${path}, line ${first.line}: ${first.problem}.${others}`,
    'Only lightbench writes this file: restore it from a copy, or resume the run, which sets damaged lines aside and repeats what they recorded.',
  );
};

/** The file's name. */
const setAside = (path: string, bytes: Uint8Array): string => {
  const day = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const kept = join(dirname(path), `journal.damaged-${day}.jsonl`);
  appendFileSync(kept, bytes, { flush: true });
  return kept;
};

const replaceWhole = (path: string, text: string): void => {
  const partial = `${path}.partial`;
  const file = openSync(partial, 'w');
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
  syncDirectory(dirname(path));
};

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

const explained = <T>(path: string, use: FailedUse['use'], operation: () => T): T => {
  try {
    return operation();
  } catch (error) {
    throw fileError(error, {
      path,
      use,
      remedy: 'Name the directory of a run, in which you may write.',
      whenFull: 'Free some space and resume the run: everything recorded so far is kept.',
    });
  }
};
