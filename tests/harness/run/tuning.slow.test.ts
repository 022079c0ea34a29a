import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../harness/run/status/events.js';
import type { JournalEvent } from '../../../results/journal/events.js';
import { readJournal } from '../../../results/journal/journal.js';
import { loadRun } from '../../../results/run/load-run.js';
import type { Run } from '../../../results/run/run.js';
import { chosenRate } from '../../../results/run/tuning.js';
import { builtLibrary, startLightbench } from '../../support/command-line.js';

const { planRun, resumeRun, startRun } = await builtLibrary();

const TINY = 'tests/support/suites/tiny.ts';

/** The last is so high that the loss is not finite. */
const RATES = [0.2, 1e30];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightbench-tuning-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const eventsOf = (directory: string): readonly JournalEvent[] =>
  readJournal(join(directory, 'journal.jsonl')).events;

const kinds = (events: readonly JournalEvent[], ...wanted: readonly JournalEvent['event'][]) =>
  events.filter(({ event }) => wanted.includes(event));

/** All that a run found of a candidate, without its times. */
const findings = ({ tries, trials }: Run, candidate: string) => ({
  tries: tries
    .filter((one) => one.candidate === candidate)
    .map((one) => (one.state === 'done' ? one.result.epochs.map(timeless) : one.state)),
  trials: trials
    .filter((one) => one.candidate === candidate)
    .map((one) =>
      one.state === 'done'
        ? [
            one.result.learningRate,
            one.result.testCorrect,
            one.result.testLoss,
            one.result.epochs.map(timeless),
          ]
        : one.state,
    ),
});

const timeless = ({ seconds: _, ...epoch }: { readonly seconds: number }) => epoch;

const waitForTries = async (directory: string, count: number): Promise<void> => {
  const journal = join(directory, 'journal.jsonl');
  while (!existsSync(journal) || kinds(eventsOf(directory), 'try-done').length < count) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('a run that tunes the learning rate', () => {
  let run: Run;
  const events: RunEvent[] = [];

  beforeAll(async () => {
    const plan = await planRun(TINY, { tune: RATES, seeds: 1, epochs: 1 });
    run = await startRun(plan, join(folder, 'whole'), { onEvent: (event) => events.push(event) });
  });

  it('tries every rate once with every candidate, before any trial', () => {
    const pairs = run.tries.map(({ candidate, learningRate }) => `${candidate} ${learningRate}`);
    expect(pairs.toSorted()).toEqual(
      ['depthwise', 'repso'].flatMap((name) => RATES.map((rate) => `${name} ${rate}`)).toSorted(),
    );
    const order = eventsOf(join(folder, 'whole')).map(({ event }) => event);
    expect(order.lastIndexOf('try-done')).toBeLessThan(order.indexOf('trial-started'));
  });

  it('loses a try that diverges, and goes on', () => {
    expect(
      run.tries.filter(({ state }) => state === 'diverged').map(({ learningRate }) => learningRate),
    ).toEqual([1e30, 1e30]);
    expect(run.trials.every(({ state }) => state === 'done')).toBe(true);
  });

  it('tells how far it is, tries included', () => {
    const shares = events.flatMap((event) => (event.kind === 'training' ? [event.share] : []));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1);
    expect(events.find(({ kind }) => kind === 'planned')).toMatchObject({
      tries: 4,
      triesDone: 0,
      trials: 2,
    });
  });

  it('repeats nothing when it is resumed, not even what diverged', async () => {
    await resumeRun(join(folder, 'whole'));
    expect(kinds(eventsOf(join(folder, 'whole')), 'try-started')).toHaveLength(4);
  });

  it('that is killed while it tunes ends with the results of an undisturbed one', async () => {
    const directory = join(folder, 'killed');
    const short = ['--tune', RATES.join(','), '--seeds', '1', '--epochs', '1', '--only', 'repso'];
    const child = startLightbench('run', TINY, ...short, '--out', directory, '--jobs', '1', '--no-cache');
    await waitForTries(directory, 1);
    child.kill('SIGKILL');
    await child;
    expect(kinds(eventsOf(directory), 'trial-started')).toEqual([]);
    const resumed = await startLightbench('run', '--resume', directory, '--no-cache');
    expect(resumed.exitCode).toBe(0);
    const after = await loadRun(directory);
    expect(findings(after, 'repso')).toEqual(findings(run, 'repso'));
    const keys = eventsOf(directory).flatMap((event) => (event.event === 'try-done' ? [event.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a run in which every rate diverges', () => {
  it('fails the trials with that reason', async () => {
    const plan = await planRun(TINY, { tune: [1e30, 1e31], only: 'repso', seeds: 1, epochs: 1 });
    const run = await startRun(plan, join(folder, 'hopeless'));
    expect(run.trials).toEqual([
      expect.objectContaining({
        state: 'failed',
        error: expect.stringMatching(/^Training diverged with every learning rate that was tried: .*epoch 1/),
      }),
    ]);
  });
});

describe('a run that tunes and adds seeds until decided', () => {
  it('trains all seeds, the added ones too, with the rate that was chosen, and records it', async () => {
    const directory = join(folder, 'decided');
    const plan = await planRun(TINY, { seeds: 2, epochs: 1, untilDecided: 3, tune: [0.02, 0.2] });
    const run = await startRun(plan, directory);
    const rows: Record<string, string>[] = parse(readFileSync(join(directory, 'results.csv')), {
      columns: true,
    });
    for (const [i, trial] of run.trials.entries()) {
      const choice = chosenRate(run, trial.candidate);
      if (choice?.state !== 'chosen' || trial.state !== 'done') throw new Error('nothing was chosen');
      expect(trial.result.learningRate).toBe(choice.learningRate);
      expect(Number(rows[i]?.learning_rate)).toBe(choice.learningRate);
    }
    expect(run.tries).toHaveLength(4);
  });
});
