/**
 * Child process of the lock's tests: takes the lock of a folder as often as it is told, and says what came of it. Within the lock it makes
 * a file that must not be there yet. Told 0, it takes the lock once and keeps it.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockRun } from '../../harness/run/folder/lock.js';
import { UserError } from '../../harness/user/user-error.js';

const [directory = '', times = '0'] = process.argv.slice(2);
const say = (word: string): void => void writeSync(1, `${word}\n`);

const once = async (): Promise<string> => {
  try {
    const lock = await lockRun(directory);
    const inside = join(directory, 'inside');
    closeSync(openSync(inside, 'wx'));
    await sleep(5);
    rmSync(inside);
    lock.release();
    return 'held';
  } catch (error) {
    return error instanceof UserError ? 'refused' : String(error);
  }
};

if (times === '0') {
  await lockRun(directory);
  say('held');
  await sleep(600_000);
}
for (let turn = 0; turn < Number(times); turn += 1) {
  say(await once());
  await sleep(10 * Math.random());
}
