import { existsSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { thisProcess } from '../../../../harness/process/owner.js';
import { lockRun, ownerOf, requireUnused } from '../../../../harness/run/folder/lock.js';
import { lockName } from '../../../../results/run/load-run.js';
import { it } from '../../../support/folder.js';
import { refusalOf } from '../../../support/refusal.js';

const TAKE_LOCK = 'tests/support/take-lock.ts';

const child = (folder: string, times: number) =>
  execa(process.execPath, ['--import', 'jiti/register', TAKE_LOCK, folder, String(times)], { reject: false });

const SHORT = { heartbeatMs: 20, staleMs: 2_000 };

const DEAD = lockName('0123456789abcdef');

/** The claim of somebody else. */
const claim = (folder: string, changes: object): void =>
  writeFileSync(join(folder, DEAD), JSON.stringify({ ...thisProcess(), state: 'held', ...changes }));

const ELSEWHERE = { host: 'elsewhere', place: null, began: null, pid: 77 };

/** Longer ago than a process may be silent. */
const silence = (folder: string): void => {
  const then = new Date(Date.now() - 10_000);
  utimesSync(join(folder, DEAD), then, then);
};

describe('the lock of a run folder', () => {
  it('has one owner, whom a second is told of, and leaves nothing behind', async ({ folder }) => {
    expect(ownerOf(folder)).toBeNull();
    const lock = await lockRun(folder);
    expect(ownerOf(folder)).toMatchObject({ pid: process.pid, host: hostname() });
    expect(await refusalOf(() => lockRun(folder))).toMatch(
      new RegExp(
        `^${folder} is in use: process ${process.pid} of .* on ${hostname()} has been running it since`,
      ),
    );
    lock.requireHeld();
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    (await lockRun(folder)).release();
  });

  it('is told of before a new run is begun there, and a folder that is not there has none', async ({
    folder,
  }) => {
    await requireUnused(join(folder, 'none'));
    const lock = await lockRun(folder);
    expect(await refusalOf(() => requireUnused(folder))).toMatch(/ is in use: process /);
    lock.release();
    await requireUnused(folder);
    writeFileSync(join(folder, 'file'), '');
    expect(await refusalOf(() => requireUnused(folder))).toMatch(/ is not empty/);
    expect(await refusalOf(() => requireUnused(join(folder, 'file')))).toMatch(/cannot be written/);
  });

  it.skipIf(process.platform === 'win32')('is free at once when its owner is killed', async ({ folder }) => {
    const owner = child(folder, 0);
    for await (const word of owner) {
      expect(word).toBe('held');
      expect(await refusalOf(() => lockRun(folder))).toContain(`process ${owner.pid} `);
      owner.kill('SIGKILL');
    }
    await owner;
    expect(readdirSync(folder)).toHaveLength(1);
    expect(ownerOf(folder)).toBeNull();
    (await lockRun(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is never held by two, however many want it, and is not lost to those who withdraw', async ({
    folder,
  }) => {
    claim(folder, { began: 'another time' });
    const words = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { stdout } = await child(folder, 30);
        return stdout.split('\n');
      }),
    );
    expect(new Set(words.flat())).toEqual(new Set(['held', 'refused']));
    expect(words.flat().filter((word) => word === 'held').length).toBeGreaterThan(6);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is not held by another process of the same id',
    async ({ folder }) => {
      claim(folder, { began: '1' });
      expect(ownerOf(folder)).toBeNull();
      (await lockRun(folder)).release();
    },
  );

  it('is held by a process of another machine as long as that gives signs of life', async ({ folder }) => {
    claim(folder, ELSEWHERE);
    expect(ownerOf(folder, SHORT)?.pid).toBe(77);
    expect(await refusalOf(() => lockRun(folder, SHORT))).toContain('process 77 of');
    silence(folder);
    expect(ownerOf(folder, SHORT)).toBeNull();
    (await lockRun(folder, SHORT)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from a machine whose clock goes wrong', async ({ folder }) => {
    claim(folder, ELSEWHERE);
    silence(folder);
    const beats = setInterval(() => silence(folder), SHORT.heartbeatMs);
    expect(await refusalOf(() => lockRun(folder, SHORT))).toContain('on elsewhere');
    clearInterval(beats);
  });

  it('counts a claim that says nothing as long as it is young', async ({ folder }) => {
    writeFileSync(join(folder, DEAD), '{');
    expect(await refusalOf(() => lockRun(folder, SHORT))).toContain('of unknown');
    silence(folder);
    (await lockRun(folder, SHORT)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is lost with the folder, and says so', async ({ folder }) => {
    const [before, after] = [join(folder, 'before'), join(folder, 'after')];
    writeFileSync(join(folder, 'keep'), '');
    await import('node:fs/promises').then(({ mkdir }) => mkdir(before));
    const lock = await lockRun(before, SHORT);
    const sign = (): string => readFileSync(join(before, readdirSync(before)[0] ?? ''), 'utf8');
    expect(JSON.parse(sign())).toMatchObject({ state: 'held' });
    renameSync(before, after);
    expect(() => lock.requireHeld()).toThrow(/moved or deleted, or another process has taken it over/);
    while (!lock.lost.aborted) await sleep(5);
    lock.release();
    expect(existsSync(before)).toBe(false);
  });
});
