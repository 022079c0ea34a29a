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

const KILLS = 10;

describe.skipIf(process.platform !== 'linux')('a run that is killed again and again', () => {
  it('ends with every trial once, the numbers of an undisturbed run, no orphan and no leftover', {
    timeout: 600_000,
  }, async ({ folder }) => {
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    const milliseconds = await undisturbed(whole);
    const kills = await killedAtRandom(killed, { kills: KILLS, milliseconds: milliseconds / 2, seed: 1 });
    expect(kills.coordinator + kills.worker).toBeGreaterThan(0);
    expect(await numbersOf(killed)).toEqual(await numbersOf(whole));
    expect(new Set(timesDone(killed))).toEqual(new Set([1]));
    expect(timesDone(killed)).toHaveLength(6);
    const kept = readdirSync(killed, { recursive: true }).filter((name) => !/damaged-/.test(String(name)));
    expect(kept.toSorted()).toEqual(readdirSync(whole, { recursive: true }).toSorted());
    expect(await orphansAfter(20_000)).toEqual([]);
  });
});
