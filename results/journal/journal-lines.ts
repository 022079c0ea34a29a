/**
 * The lines of a journal as they lie on the disk: an event with its number, the run that it belongs to and the checksum of all that. Lines
 * of earlier versions are events alone.
 */
import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { describeIssues, requireVersion } from '../parse.js';
import { sealedLine, sealOf } from './checksum.js';
import { type JournalEvent, journalEventSchema } from './events.js';

/** A line that does not count, by its place in the file, from 1. */
export interface DamagedLine {
  readonly line: number;
  readonly problem: string;
  readonly text: string;
}

export interface ScannedJournal {
  readonly events: readonly JournalEvent[];
  /** The lines of these events. */
  readonly lines: readonly string[];
  readonly damaged: readonly DamagedLine[];
  /** How many lines there once were and are no more. */
  readonly missing: number;
  /** Bytes after the last line end: a line cut off while it was written. It does not count. */
  readonly tornBytes: number;
  /** What names the run in its lines; null where earlier versions wrote all of them. */
  readonly run: string | null;
  /** Number of the next line. */
  readonly next: number;
}

export const journalLine = (event: JournalEvent, run: string, n: number): string =>
  sealedLine({ ...event, n, run });

/**
 * What the bytes of a journal hold. A line that is there twice counts once.
 * @throws UserError where another version wrote a line, or two lines have one number: two processes wrote at once.
 */
export const scanJournal = (bytes: Uint8Array, path: string): ScannedJournal => {
  const whole = wholeBytes(bytes);
  const scan = new Scan(path);
  new TextDecoder('utf-8', { ignoreBOM: true })
    .decode(bytes.subarray(0, whole))
    .split(LINE_END)
    .forEach((text, index) => {
      if (text.trim() !== '') scan.take(text, index + 1);
    });
  return { ...scan.result(), tornBytes: bytes.length - whole };
};

/** Editors and transfers change line ends; in JSON they stand nowhere else. */
const LINE_END = /\r\n|\r|\n/;

const [NEWLINE, RETURN] = [0x0a, 0x0d];

/** Up to and with the last line end. */
export const wholeBytes = (bytes: Uint8Array): number =>
  Math.max(bytes.lastIndexOf(NEWLINE), bytes.lastIndexOf(RETURN)) + 1;

const numberedSchema = z.looseObject({ n: z.int().min(1), run: z.string(), sum: z.string() });

class Scan {
  private readonly found = new Map<number, { readonly line: number; readonly text: string }>();
  private readonly events: JournalEvent[] = [];
  private readonly damaged: DamagedLine[] = [];
  private run: string | null = null;
  private isSealed = false;
  private last = 0;

  constructor(private readonly path: string) {}

  take(text: string, line: number): void {
    const problem = this.problemOf(text, line);
    if (problem !== null) this.damaged.push({ line, problem, text });
  }

  /** Why the line does not count; null where it does. */
  private problemOf(text: string, line: number): string | null {
    const seal = sealOf(text);
    if (seal === 'broken') return 'its checksum is that of something else';
    if (seal === 'unsealed' && this.isSealed) return 'it has no checksum';
    const value = jsonOf(text);
    if ('problem' in value) return value.problem;
    const where = `${this.path}, line ${line}`;
    requireVersion(value.json, where);
    const place = seal === 'whole' ? numberedSchema.safeParse(value.json) : null;
    const { n, run, event: written } = placeOf(place?.data) ?? { n: this.last + 1, event: value.json };
    const event = journalEventSchema.safeParse(written);
    if (!event.success || place?.success === false) {
      const problem = event.error === undefined ? 'it has no number' : describeIssues(event.error);
      if (seal === 'unsealed') return problem;
      throw new UserError(
        `${where}: ${problem}, and yet it is as it was written: by another version of lightbench.`,
        'Use the version that wrote the run (see env.json).',
      );
    }
    this.run ??= run ?? null;
    if (run !== undefined && run !== this.run) return `it belongs to another run, ${run}`;
    this.isSealed = seal === 'whole';
    this.place(text, line, n, event.data);
    return null;
  }

  private place(text: string, line: number, n: number, event: JournalEvent): void {
    const same = this.found.get(n);
    if (same?.text === text) return;
    if (same !== undefined) {
      throw new UserError(
        `${this.path}: lines ${same.line} and ${line} are both number ${n} of the run: two processes wrote it at once.`,
        'Restore it from a copy, or run the suite again.',
      );
    }
    this.found.set(n, { line, text });
    this.events.push(event);
    this.last = Math.max(this.last, n);
  }

  result(): Omit<ScannedJournal, 'tornBytes'> {
    return {
      events: this.events,
      lines: [...this.found.values()].map(({ text }) => text),
      damaged: this.damaged,
      missing: this.last - this.found.size,
      run: this.run,
      next: this.last + 1,
    };
  }
}

const placeOf = (numbered: z.infer<typeof numberedSchema> | undefined) => {
  if (numbered === undefined) return null;
  const { n, run, sum: _, ...event } = numbered;
  return { n, run, event };
};

const jsonOf = (text: string): { readonly json: unknown } | { readonly problem: string } => {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    return { problem: `not JSON (${error instanceof Error ? error.message : error})` };
  }
};
