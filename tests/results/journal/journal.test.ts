import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../harness/user/user-error.js';
import type { JournalEvent } from '../../../results/journal/events.js';
import { Journal, readJournal, repairJournal } from '../../../results/journal/journal.js';
import { runFixture } from '../../support/run-fixture.js';

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

const damagedFiles = (): string[] =>
  readdirSync(directory)
    .filter((name) => name.startsWith('journal.damaged-'))
    .map((name) => join(directory, name));

const keptBeside = (): Buffer[] => damagedFiles().map((file) => readFileSync(file));

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
    expect(readJournal(path)).toMatchObject({ events, tornBytes: 0, missingLines: 0 });
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
    for (let length = firstLine + 1; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(readJournal(path)).toMatchObject({ events: [failed(0)], tornBytes: length - firstLine });
      expect(append(failed(2)).repairedBytes).toBe(length - firstLine);
      expect(readJournal(path)).toMatchObject({ events: [failed(0), failed(2)], tornBytes: 0 });
      expect(keptBeside().at(-1)).toEqual(whole.subarray(firstLine, length));
      for (const file of damagedFiles()) rmSync(file);
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
      expect(readJournal(path)).toMatchObject({
        events: [...survived, failed(survived.length)],
        tornBytes: 0,
      });
    },
  );
});

const started: JournalEvent = {
  event: 'run-started',
  schema: 1,
  suite: 'quick',
  planKey: 'key',
  at: '2025-01-02T03:04:05.000Z',
};

const linesOf = (): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

const writeLines = (...lines: readonly string[]): void =>
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));

describe('a journal that was changed', () => {
  beforeEach(() => {
    append(started, ...[0, 1, 2, 3].map((seed) => failed(seed)));
  });

  it('is never taken for what was written, whichever bit flips', () => {
    const whole = readFileSync(path);
    for (let place = 0; place < whole.length; place += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(place) ^ (1 << (place % 8)), place);
      writeFileSync(path, flipped);
      // What ends a line may be lost with nothing else, at the end alone: then its line does not count.
      const read = (): unknown => readJournal(path).events;
      if (place === whole.length - 1) expect(read()).toHaveLength(4);
      else if (whole[place] !== 0x0a) expect(() => read(), `bit of byte ${place}`).toThrow(UserError);
    }
  });

  it('is repaired: the damaged lines do not count, are kept beside, and their number is known', () => {
    const whole = readFileSync(path);
    const lines = linesOf();
    for (const damaged of lines.keys()) {
      writeLines(...lines.map((line, index) => (index === damaged ? line.replace('0', '1') : line)));
      const found = readFileSync(path);
      const repaired = repairJournal(path, started);
      expect(repaired?.damaged.map(({ line }) => line)).toEqual([damaged + 1]);
      expect(keptBeside()).toEqual([found]);
      const { events: left, missingLines } = readJournal(path);
      const isFirst = damaged === 0;
      expect(left).toHaveLength(isFirst ? 5 : 4);
      expect(left[0]).toEqual(started);
      expect(missingLines).toBe(isFirst || damaged === 4 ? 0 : 1);
      append(failed(9));
      expect(readJournal(path).events).toHaveLength(left.length + 1);
      for (const file of damagedFiles()) rmSync(file);
      writeFileSync(path, whole);
    }
    expect(repairJournal(path, started)).toBeNull();
  });

  it('counts a line once that is there twice, and in whatever order', () => {
    const before = readJournal(path);
    const [first = '', second = '', ...rest] = linesOf();
    writeLines(first, ...rest.toReversed(), second, second, ...rest);
    const after = readJournal(path);
    expect(after.missingLines).toBe(0);
    expect(new Set(after.events.map((event) => JSON.stringify(event)))).toEqual(
      new Set(before.events.map((event) => JSON.stringify(event))),
    );
    expect(after.events).toHaveLength(before.events.length);
  });

  it('says how many lines were deleted', () => {
    const lines = linesOf();
    writeLines(...lines.filter((_, index) => index !== 1 && index !== 2));
    expect(readJournal(path)).toMatchObject({ missingLines: 2, tornBytes: 0 });
  });

  it('names a line of another run', () => {
    const own = linesOf();
    rmSync(path);
    append(started, failed(7));
    const [, foreign = ''] = linesOf();
    writeLines(...own, foreign);
    expect(messageOf(() => readJournal(path))).toMatch(/line 6: it belongs to another run, [0-9a-f]{16}\./);
  });

  it('refuses lines that two processes wrote at once', () => {
    const common = linesOf();
    append(failed(4));
    const [one = ''] = linesOf().slice(-1);
    writeLines(...common);
    append(failed(5));
    writeLines(...linesOf(), one);
    expect(messageOf(() => readJournal(path))).toMatch(/lines 6 and 7 are both number 6 .* two processes/);
    expect(messageOf(() => repairJournal(path, started))).toMatch(/two processes/);
  });

  it.each(['\r\n', '\r'])('reads as before with line ends %j, and goes on', (end) => {
    const before = readJournal(path);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', end));
    expect(readJournal(path)).toEqual(before);
    append(failed(4));
    expect(readJournal(path).events).toEqual([...before.events, failed(4)]);
    expect(damagedFiles()).toEqual([]);
  });

  it('is not appended to where another process has', () => {
    const journal = Journal.open(path);
    append(failed(4));
    expect(messageOf(() => journal.append(failed(5)))).toMatch(/written to by another process/);
    journal.close();
    expect(readJournal(path).events.at(-1)).toEqual(failed(4));
  });

  it('goes on where an earlier version wrote lines without checksums', () => {
    writeLines(JSON.stringify(started), JSON.stringify(failed(0)));
    expect(readJournal(path)).toMatchObject({ isSealed: false, missingLines: 0 });
    append(failed(1));
    expect(readJournal(path)).toMatchObject({ events: [started, failed(0), failed(1)], missingLines: 0 });
    const [first = '', second = '', third = ''] = linesOf();
    writeLines(first, second, third, second);
    expect(messageOf(() => readJournal(path))).toMatch(/line 4: it has no checksum/);
    writeLines('x', second, third);
    repairJournal(path, started);
    expect(readJournal(path)).toMatchObject({ events: [started, failed(0), failed(1)], missingLines: 0 });
  });

  it('gets its beginning back where that line is gone, and is kept beside as it was', () => {
    const whole = readJournal(path);
    const [, ...lines] = linesOf();
    writeLines(...lines);
    const found = readFileSync(path);
    expect(repairJournal(path, started)).toMatchObject({ damaged: [], keptIn: damagedFiles()[0] });
    expect(keptBeside()).toEqual([found]);
    expect(readJournal(path)).toEqual(whole);
    expect(repairJournal(path, started)).toBeNull();
    append(failed(9));
    expect(readJournal(path)).toMatchObject({ events: [...whole.events, failed(9)], missingLines: 0 });
  });

  it('is left alone where it is empty: it has no run', () => {
    writeLines();
    expect(repairJournal(path, started)).toBeNull();
  });

  it('is refused where nothing of it is left', () => {
    writeLines('x', 'y');
    expect(messageOf(() => repairJournal(path, started))).toMatch(/line 1: not JSON .*Damaged, too: 2/);
  });
});

describe('a user who meets a damaged or impossible journal', () => {
  it('is told file, line and remedy of a line that is no JSON', () => {
    appendFileSync(path, `${JSON.stringify(failed(0))}\nnot json\n`);
    expect(messageOf(() => readJournal(path))).toMatch(
      /journal\.jsonl, line 2: not JSON .* resume the run, which sets damaged lines aside/,
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
    expect(messageOf(() => Journal.open(directory))).toMatch(/it is a folder/);
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
      expect(child.stderr).toMatch(/cannot be written: .*\(EFBIG\)/);
      const { events: written, tornBytes } = readJournal(path);
      expect(tornBytes).toBe(0);
      expect(written).toHaveLength(1);
    },
  );
});
