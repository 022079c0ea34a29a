import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { recipeSchema } from '../../../../harness/recipe/recipe.js';
import { pruneResults } from '../../../../harness/run/cache/prune.js';
import { findResult, keepResult, listResults } from '../../../../harness/run/cache/result-cache.js';
import { reuseResults } from '../../../../harness/run/cache/reuse.js';
import { type TrainingFacts, trainingFacts } from '../../../../harness/run/cache/training-facts.js';
import type { Origin } from '../../../../results/training/origin.js';
import { lightbench } from '../../../support/command-line.js';
import { it } from '../../../support/folder.js';
import { runFixture } from '../../../support/run-fixture.js';

const { plan: made, events } = runFixture({ epochs: 2 });
const plan = {
  ...made,
  conditions: {
    ...made.conditions,
    recipe: recipeSchema.parse({ epochs: 2, batch: 128, learningRate: 0.1 }),
  },
};

const done = events.find((event) => event.event === 'trial-done');
if (done === undefined) throw new Error('The fixture has no result.');
const { result } = done;

const from: Origin = {
  run: '0123456789abcdef',
  folder: 'first',
  suite: 'fixture',
  candidate: 'depthwise',
  lightbench: '0.1.0',
  cpu: 'Example CPU',
  at: new Date().toISOString(),
};

const factsOf = (seed: number): TrainingFacts => {
  const facts = trainingFacts(plan, { kind: 'trial', candidate: 'depthwise', seed, learningRate: null });
  if (facts === null) throw new Error('It has no facts.');
  return facts;
};

const keep = (folder: string, seed: number, changes: Partial<TrainingFacts> = {}): Promise<void> =>
  keepResult(folder, { kind: 'trial', facts: { ...factsOf(seed), ...changes }, result, from });

const onlyFile = async (folder: string): Promise<string> => {
  const [listed] = (await listResults(folder)).results;
  return listed?.file ?? '';
};

describe('the cache of results', () => {
  it('gives back what was kept, bit for bit, and nothing else', async ({ folder }) => {
    expect(await findResult(folder, factsOf(0))).toEqual({ state: 'none' });
    await keep(folder, 0);
    expect(await findResult(folder, factsOf(0))).toEqual({
      state: 'whole',
      entry: { schema: 1, kind: 'trial', facts: factsOf(0), result, from },
    });
    expect(await findResult(folder, factsOf(1))).toEqual({ state: 'none' });
  });

  it('knows every changed bit, and every cut', async ({ folder }) => {
    await keep(folder, 0);
    const file = await onlyFile(folder);
    const whole = readFileSync(file);
    for (let place = 0; place < whole.length; place += 7) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(place) ^ (1 << (place % 8)), place);
      writeFileSync(file, flipped);
      const found = await findResult(folder, factsOf(0));
      // A last digit that no float64 tells from another changes nothing.
      if (found.state === 'whole')
        expect(found.entry).toEqual({ schema: 1, kind: 'trial', facts: factsOf(0), result, from });
      else expect(found, `byte ${place}`).toMatchObject({ state: 'damaged', file });
    }
    writeFileSync(file, whole);
    truncateSync(file, whole.length - 1);
    expect((await findResult(folder, factsOf(0))).state).toBe('damaged');
  });

  it('does not take one result for another', async ({ folder }) => {
    await keep(folder, 0);
    const bytes = readFileSync(await onlyFile(folder));
    await keep(folder, 1);
    for (const { file } of (await listResults(folder)).results) writeFileSync(file, bytes);
    expect((await findResult(folder, factsOf(0))).state).toBe('whole');
    expect(await findResult(folder, factsOf(1))).toMatchObject({ problem: 'it is of another training' });
  });

  it('may be written by many at once', async ({ folder }) => {
    await Promise.all(Array.from({ length: 40 }, (_, turn) => keep(folder, turn % 4)));
    for (let seed = 0; seed < 4; seed += 1)
      expect((await findResult(folder, factsOf(seed))).state).toBe('whole');
    const { results, partial } = await listResults(folder);
    expect([results.length, partial.length]).toEqual([4, 0]);
  });

  it('is listed in lines of a terminal of 80 columns', async ({ folder }) => {
    const { columns } = process.stdout;
    onTestFinished(() => void Object.assign(process.stdout, { columns }));
    Object.assign(process.stdout, { columns: 80 });
    const candidate = 'depthwise-separable with expansion 12.25';
    await keepResult(folder, {
      kind: 'trial',
      facts: { ...factsOf(3), code: 'of another version' },
      result,
      from: { ...from, suite: 'paper/channel', candidate },
    });
    const { stdout } = await lightbench('cache', 'ls', '--cache', folder);
    const table = stdout.split('\n').slice(0, -2);
    expect(table.join(' ').replace(/\s+/g, ' ')).toContain(`paper/channel, ${candidate}, seed 3`);
    for (const line of table) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is cleared of what nothing here can use, and of what is asked for', async ({ folder }) => {
    await keep(folder, 0);
    await keep(folder, 1, { code: 'of another version' });
    await keep(folder, 2);
    const [{ file = '' } = {}] = (await listResults(folder)).results.filter(
      ({ found }) => found.state === 'whole' && found.entry.facts.seed === 2,
    );
    writeFileSync(file, 'damaged');
    writeFileSync(`${file}.7.partial`, '');
    expect(await pruneResults(folder, { dryRun: true })).toMatchObject({ deleted: 2, kept: 1 });
    expect((await listResults(folder)).results).toHaveLength(3);
    const pruned = await pruneResults(folder, {});
    expect(pruned).toEqual({ deleted: 2, kept: 1, freedBytes: expect.any(Number) });
    expect((await findResult(folder, factsOf(0))).state).toBe('whole');
    expect((await listResults(folder)).partial).toHaveLength(1);
    expect(await pruneResults(folder, { olderThan: 3600 })).toMatchObject({ deleted: 0, kept: 1 });
    expect(await pruneResults(folder, { olderThan: -1 })).toMatchObject({ deleted: 1, kept: 0 });
    expect(await pruneResults(join(folder, 'none'), { all: true })).toEqual({
      deleted: 0,
      kept: 0,
      freedBytes: 0,
    });
  });

  it('counts weights whose result was never written, or is deleted, as damaged, and clears them', async ({
    folder,
  }) => {
    const weights = join(folder, 'weights');
    writeFileSync(weights, 'weights');
    const kept = join(folder, 'cache');
    const keepBoth = () => keepResult(kept, { kind: 'trial', facts: factsOf(0), result, from }, weights);
    await keepBoth();
    const entry = await onlyFile(kept);
    rmSync(entry);
    expect((await listResults(kept)).results).toMatchObject([
      { file: entry, bytes: 'weights'.length, found: { state: 'damaged' } },
    ]);
    expect(await findResult(kept, factsOf(0))).toEqual({ state: 'none' });
    expect(await pruneResults(kept, { all: true })).toEqual({ deleted: 1, kept: 0, freedBytes: 7 });
    expect(readdirSync(dirname(entry))).toEqual([]);
    await keepBoth();
    expect((await listResults(kept)).results).toMatchObject([{ found: { state: 'whole' } }]);
  });

  it('that is damaged or cannot be used is told of, and the run does without', async ({ folder }) => {
    const troubles: string[] = [];
    const reuse = (place: string) =>
      reuseResults({ plan, folder: place, origin: from, onTrouble: (problem) => troubles.push(problem) });
    const training = { candidate: 'depthwise', seed: 0, learningRate: null };
    const trial = { result, weights: { state: 'absent', reason: 'none' } as const };
    const file = join(folder, 'none');
    await reuse(folder).keepTrial(training, trial, file);
    expect((await reuse(folder).findTrial(training, undefined))?.result).toEqual(result);
    const entry = await onlyFile(folder);
    writeFileSync(entry, '{}');
    expect(await reuse(folder).findTrial(training, undefined)).toBeNull();
    expect(troubles).toEqual([expect.stringContaining(`${entry} is not used: `)]);
    await reuse(folder).keepTrial(training, trial, file);
    expect((await reuse(folder).findTrial(training, undefined))?.result).toEqual(result);
    const unusable = reuse(entry);
    expect(await unusable.findTrial(training, undefined)).toBeNull();
    await unusable.keepTrial({ ...training, seed: 1 }, trial, file);
    expect(troubles.slice(1)).toEqual([expect.stringContaining(`${entry} cannot be used: `)]);
  });

  it('does not keep a trial that failed in int8', async ({ folder }) => {
    const cache = reuseResults({ plan, folder, origin: from, onTrouble: () => {} });
    const training = { candidate: 'depthwise', seed: 0, learningRate: null };
    const weights = { state: 'absent', reason: 'none' } as const;
    await cache.keepTrial(training, { result: { ...result, int8Failure: 'on purpose' }, weights }, '');
    expect(await cache.findTrial(training, undefined)).toBeNull();
    await cache.keepTrial(training, { result, weights }, '');
    expect((await cache.findTrial(training, undefined))?.result).toEqual(result);
  });

  it.skipIf(process.platform === 'win32')('is for its user alone', async ({ folder }) => {
    await keep(join(folder, 'cache'), 0);
    const [inner = ''] = readdirSync(join(folder, 'cache'));
    expect(statSync(join(folder, 'cache', inner)).mode & 0o077).toBe(0);
  });
});
