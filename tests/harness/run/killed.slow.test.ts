import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it } from '../../support/folder.js';
import {
  killedAtRandom,
  numbersOf,
  orphansAfter,
  timesDone,
  undisturbed,
} from '../../support/killed-sweep.js';

/** All kills together; needs a built dist. */
const KILLS = 200;
const KILLS_A_RUN = 20;

describe.skipIf(process.platform !== 'linux')('200 kills', () => {
  it('lose nothing, double nothing, and leave nothing', { timeout: 4 * 3_600_000 }, async ({ folder }) => {
    const whole = join(folder, 'whole');
    const milliseconds = await undisturbed(whole);
    const numbers = await numbersOf(whole);
    const files = readdirSync(whole, { recursive: true }).toSorted();
    const all = { coordinator: 0, worker: 0 };
    for (let run = 0; all.coordinator + all.worker < KILLS; run += 1) {
      const killed = join(folder, `killed-${run}`);
      const kills = Math.min(KILLS_A_RUN, KILLS - all.coordinator - all.worker);
      const done = await killedAtRandom(killed, { kills, milliseconds: milliseconds / 2, seed: run });
      all.coordinator += done.coordinator;
      all.worker += done.worker;
      expect(await numbersOf(killed)).toEqual(numbers);
      expect(new Set(timesDone(killed))).toEqual(new Set([1]));
      const kept = readdirSync(killed, { recursive: true }).filter((name) => !/damaged-/.test(String(name)));
      expect(kept.toSorted()).toEqual(files);
      expect(await orphansAfter(20_000)).toEqual([]);
    }
    expect(all.coordinator).toBeGreaterThan(20);
    expect(all.worker).toBeGreaterThan(20);
  });
});
