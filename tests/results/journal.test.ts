import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../harness/user-error.js';
import { Journal, readJournal } from '../../results/journal.js';
import type { JournalEvent } from '../../results/record.js';
import { runFixture } from '../support/run-fixture.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lightbench-journal-'));
  path = join(directory, 'journal.jsonl');
});

afterEach(() => rmSync(directory, { recursive: true }));

const { events } = runFixture({ epochs: 2 });

const APPEND_UNTIL_KILLED = 'tests/support/append-until-killed.ts';

const failed = (seed: number, error = 'out of memory'): JournalEvent => ({
  event: 'trial-failed',
  key: `key-${seed}`,
  candidate: 'depthwise',
  seed,
  error,
  at: '2025-01-02T03:04:05.000Z',
});

const append = (...added: readonly JournalEvent[]): Journal => {
  const journal = Journal.open(path);
  for (const event of added) journal.append(event);
  journal.close();
  return journal;
};

const messageOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.remedy}`;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('a journal', () => {
  it('gives back every event in the order of appending, over several openings', () => {
    append(...events.slice(0, 5));
    append(...events.slice(5));
    expect(readJournal(path)).toEqual({ events, tornBytes: 0 });
  });

  it('keeps an event with line breaks in its text on one line', () => {
    append(failed(0, 'first\nsecond\r\n\u2028third'), failed(1));
    expect(readJournal(path).events).toEqual([failed(0, 'first\nsecond\r\n\u2028third'), failed(1)]);
  });

  it('is on the disk before append returns', () => {
    const journal = Journal.open(path);
    journal.append(failed(0));
    expect(readJournal(path).events).toEqual([failed(0)]);
    journal.close();
  });

  it('refuses an event that could not be read back, and stays as it was', () => {
    const diverged = events.find((event) => event.event === 'trial-done');
    if (diverged === undefined) throw new Error('no trial is done in the fixture');
    const journal = Journal.open(path);
    journal.append(failed(0));
    expect(() =>
      journal.append({ ...diverged, result: { ...diverged.result, testLoss: Number.NaN } }),
    ).toThrow(/trial-done.*testLoss/);
    journal.close();
    expect(readJournal(path).events).toEqual([failed(0)]);
  });
});

describe('a journal whose last line was cut off', () => {
  it('loses that line only, whatever the byte it was cut at, and is repaired on reopening', () => {
    append(failed(0), failed(1, 'Übergröße 💥'));
    const whole = readFileSync(path);
    const firstLine = whole.indexOf(0x0a) + 1;
    for (let length = firstLine; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(readJournal(path)).toEqual({ events: [failed(0)], tornBytes: length - firstLine });
      expect(append(failed(2)).repairedBytes).toBe(length - firstLine);
      expect(readJournal(path)).toEqual({ events: [failed(0), failed(2)], tornBytes: 0 });
    }
  });

  it.skipIf(process.platform === 'win32')(
    'holds every acknowledged event after kill -9, and goes on from there',
    async () => {
      const child = execa(
        process.execPath,
        ['--import', 'jiti/register', APPEND_UNTIL_KILLED, path, '100000'],
        {
          reject: false,
        },
      );
      let acknowledged = -1;
      for await (const line of child) {
        acknowledged = Number(line);
        if (acknowledged === 40) child.kill('SIGKILL');
      }
      expect((await child).signal).toBe('SIGKILL');

      const { events: survived } = readJournal(path);
      expect(survived.length).toBeGreaterThan(acknowledged);
      expect(survived.map((event) => 'seed' in event && event.seed)).toEqual(
        survived.map((_, index) => index),
      );
      append(failed(survived.length));
      expect(readJournal(path)).toEqual({ events: [...survived, failed(survived.length)], tornBytes: 0 });
    },
  );
});

describe('a user who meets a damaged or impossible journal', () => {
  it('is told file, line and remedy of a line that is no JSON', () => {
    append(failed(0));
    appendFileSync(path, 'not json\n');
    append(failed(1));
    expect(messageOf(() => readJournal(path))).toMatch(
      /journal\.jsonl, line 2: not JSON .* delete this line/,
    );
  });

  it('is told what an event lacks', () => {
    appendFileSync(path, `${JSON.stringify({ ...failed(0), seed: 'one' })}\n`);
    expect(messageOf(() => readJournal(path))).toMatch(/line 1: seed: .*expected/);
  });

  it('is told that another schema version wrote it', () => {
    appendFileSync(path, '{"event":"run-started","schema":2}\n');
    expect(messageOf(() => readJournal(path))).toMatch(/version 2; this lightbench reads version 1/);
  });

  it('is told that the journal is not there', () => {
    expect(messageOf(() => readJournal(path))).toMatch(/no such file/);
  });

  it('is told that the path cannot be written', () => {
    writeFileSync(path, '');
    expect(messageOf(() => Journal.open(directory))).toMatch(/is a directory/);
    expect(messageOf(() => Journal.open(join(path, 'journal.jsonl')))).toMatch(/part of the path is a file/);
    expect(messageOf(() => Journal.open(join(directory, 'none', 'journal.jsonl')))).toMatch(/no such file/);
  });

  it.skipIf(!existsSync('/dev/full'))('is told that the disk is full', () => {
    symlinkSync('/dev/full', path);
    const journal = Journal.open(path);
    expect(messageOf(() => journal.append(failed(0)))).toMatch(/full \(ENOSPC\).*resume/);
    journal.close();
  });

  it.skipIf(process.platform === 'win32')(
    'keeps whole lines when the disk fills in the middle of one',
    async () => {
      const limited = `ulimit -f 2; trap '' XFSZ; exec "$0" --import jiti/register "$@"`;
      const child = await execa('bash', ['-c', limited, process.execPath, APPEND_UNTIL_KILLED, path, '900'], {
        env: { JITI_FS_CACHE: 'false' },
        reject: false,
      });
      expect(child.stderr).toMatch(/full \(EFBIG\)/);
      const { events: written, tornBytes } = readJournal(path);
      expect(tornBytes).toBe(0);
      expect(written).toHaveLength(2);
    },
  );
});
