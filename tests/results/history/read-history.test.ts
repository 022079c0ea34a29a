import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readHistory } from '../../../results/history/read-history.js';
import { sealed } from '../../../results/journal/checksum.js';
import { Journal, readJournal } from '../../../results/journal/journal.js';
import { planKeyOf } from '../../../results/plan/plan-key.js';
import { loadRun, RUN_FILES } from '../../../results/run/load-run.js';
import { it } from '../../support/folder.js';
import { madeHistory, writeHistory } from '../../support/history-fixture.js';
import { refusalOf } from '../../support/refusal.js';
import { runFixture, writeRunDirectory } from '../../support/run-fixture.js';

/** The same from the records that every report is made from. */
const rowsByHand = async (folder: string) => {
  const { plan, trials, latency } = await loadRun(folder);
  return plan.candidates.flatMap(({ name, costs: { deploy }, budget }) => {
    const row = (metric: string, value: number, low: number | null = null, high: number | null = null) => ({
      folder: expect.any(String),
      candidate: name,
      metric,
      value,
      low,
      high,
      seedValues: null,
      budgetMetric: budget?.metric ?? null,
      budgetTarget: budget?.target ?? null,
    });
    const seedValues = trials
      .flatMap((trial) => (trial.state === 'done' && trial.candidate === name ? [trial] : []))
      .toSorted((one, other) => one.seed - other.seed)
      .map(({ result }) => result.testTop1);
    const measured = latency.get(name);
    const mean = seedValues.reduce((sum, value) => sum + value, 0) / seedValues.length;
    return [
      row('params', deploy.params),
      row('macs', deploy.macs),
      row('flops', deploy.flops),
      ...(seedValues.length === 0 ? [] : [{ ...row('top1', expect.closeTo(mean, 12)), seedValues }]),
      ...(measured?.state === 'done'
        ? [row('latency', measured.result.medianMs, ...measured.result.interval95Ms)]
        : []),
    ];
  });
};

const sorted = <R extends { readonly candidate: string; readonly metric: string }>(rows: readonly R[]): R[] =>
  rows.toSorted(
    (one, other) => one.candidate.localeCompare(other.candidate) || one.metric.localeCompare(other.metric),
  );

describe('the history of run folders', () => {
  it('has what the records say: failed and pending trials left out, seeds in order', async ({ folder }) => {
    writeRunDirectory(join(folder, 'a'), runFixture());
    const { runs, skipped } = await readHistory([folder]);
    expect(skipped).toEqual([]);
    const expected = await rowsByHand(join(folder, 'a'));
    const [run] = runs;
    expect(run?.rows).toHaveLength(expected.length);
    expect(sorted(run?.rows ?? [])).toEqual(sorted(expected));
  });

  it('counts the result of a trial whatever is said of it later, and the last measurement of a latency', async ({
    folder,
  }) => {
    const fixture = runFixture({ failures: false });
    writeRunDirectory(folder, fixture);
    const journal = Journal.open(join(folder, RUN_FILES.journal));
    const [started, latency] = (['trial-started', 'latency-done'] as const).map((wanted) =>
      fixture.events.find(({ event }) => event === wanted),
    );
    if (started) journal.append(started);
    if (latency?.event === 'latency-done') {
      journal.append({ ...latency, result: { ...latency.result, medianMs: 99, interval95Ms: [98, 100] } });
    }
    journal.close();
    const { runs } = await readHistory([folder]);
    expect(sorted(runs[0]?.rows ?? [])).toEqual(sorted(await rowsByHand(folder)));
    expect(runs[0]?.rows.filter(({ value }) => value === 99)).toHaveLength(1);
  });

  it('leaves out a line that was cut off while it was written', async ({ folder }) => {
    writeRunDirectory(folder, runFixture());
    const before = await readHistory([folder]);
    const journal = join(folder, RUN_FILES.journal);
    const lastLine = readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    appendFileSync(journal, lastLine.slice(0, -3));
    expect(await readHistory([folder])).toEqual(before);
  });

  it('is found at any depth, each run once, the oldest first', async ({ folder }) => {
    const runs = madeHistory(3, () => ({}));
    const [first, second, third] = writeHistory(join(folder, 'z'), runs);
    cpSync(third ?? '', join(folder, 'a', 'b [1] *?', 'run'), { recursive: true });
    rmSync(third ?? '', { recursive: true });
    const found = await readHistory([folder, join(folder, 'z')]);
    expect(found.runs.map((run) => run.folder)).toEqual([
      first,
      second,
      join(folder, 'a', 'b [1] *?', 'run'),
    ]);
    expect(found.runs.map(({ environment }) => environment.startedAt)).toEqual(
      runs.map(({ environment }) => environment.startedAt),
    );
  });

  it('is empty where there is none', async ({ folder }) => {
    expect(await readHistory([folder])).toEqual({ runs: [], skipped: [] });
  });

  it('refuses a folder that is not there', async ({ folder }) => {
    expect(await refusalOf(() => readHistory([join(folder, 'none')]))).toMatch(
      /none cannot be read: .*ENOENT/,
    );
  });
});

describe('a folder that is broken or of something else is named and skipped, and the others are read:', () => {
  const BROKEN: Readonly<Record<string, readonly [(folder: string) => void, RegExp]>> = {
    'a plan that is not JSON': [
      (f) => writeFileSync(join(f, RUN_FILES.plan), '{"suite":'),
      /suite\.json: not JSON/,
    ],
    'a plan of another program': [
      (f) => writeFileSync(join(f, RUN_FILES.plan), '{"tests":[]}'),
      /suite\.json: schema/,
    ],
    'a plan without conditions': [
      (f) => {
        const { conditions: _, ...plan } = JSON.parse(readFileSync(join(f, RUN_FILES.plan), 'utf8'));
        writeFileSync(join(f, RUN_FILES.plan), JSON.stringify(plan));
      },
      /suite\.json: conditions/,
    ],
    'costs that are no numbers': [
      (f) => {
        const text = readFileSync(join(f, RUN_FILES.plan), 'utf8');
        const plan = JSON.parse(text.replace(/"params":\d{4,}/g, '"params":"many"'));
        const { sum: _, ...rest } = plan;
        const changed = { ...rest, planKey: planKeyOf(plan) };
        writeFileSync(join(f, RUN_FILES.plan), JSON.stringify(sealed(changed)));
        const { events } = readJournal(join(f, RUN_FILES.journal));
        rmSync(join(f, RUN_FILES.journal));
        const journal = Journal.open(join(f, RUN_FILES.journal));
        for (const event of events) {
          journal.append(event.event === 'run-started' ? { ...event, planKey: changed.planKey } : event);
        }
        journal.close();
      },
      /A result is invalid \(.*value/,
    ],
    'costs that somebody changed': [
      (f) => {
        const text = readFileSync(join(f, RUN_FILES.plan), 'utf8');
        writeFileSync(join(f, RUN_FILES.plan), text.replace(/"params":\d/, '"params":9'));
      },
      /suite\.json was changed after the run was planned/,
    ],
    'an environment without a date': [
      (f) => writeFileSync(join(f, RUN_FILES.environment), '{"cpu":"x"}'),
      /env\.json: .*startedAt/,
    ],
    'no environment': [(f) => rmSync(join(f, RUN_FILES.environment)), /no readable env\.json/],
    'a journal with a line that is no event': [
      (f) =>
        writeFileSync(
          join(f, RUN_FILES.journal),
          `${readFileSync(join(f, RUN_FILES.journal), 'utf8')}oops\n`,
        ),
      /journal\.jsonl, line \d+: not an event/,
    ],
    'a journal that is no text': [
      (f) => writeFileSync(join(f, RUN_FILES.journal), Buffer.from([0xff, 0xfe, 10])),
      /different runs/,
    ],
    'a journal that is empty': [(f) => writeFileSync(join(f, RUN_FILES.journal), ''), /different runs/],
    'a journal of another run': [
      (f) => {
        const another = join(f, 'another');
        writeRunDirectory(another, runFixture({ name: 'another', seeds: 1 }));
        cpSync(join(another, RUN_FILES.journal), join(f, RUN_FILES.journal));
        rmSync(another, { recursive: true });
      },
      /different runs/,
    ],
  };

  for (const [what, [breakIt, problem]] of Object.entries(BROKEN)) {
    it(what, async ({ folder }) => {
      const broken = join(folder, 'broken');
      writeRunDirectory(broken, runFixture({ name: 'broken', seeds: 1 }));
      writeRunDirectory(join(folder, 'whole'), runFixture({ name: 'whole', seeds: 1 }));
      breakIt(broken);
      const { runs, skipped } = await readHistory([folder]);
      expect(runs.map(({ plan }) => plan.suite)).toEqual(['whole']);
      expect(skipped).toEqual([{ folder: broken, problem: expect.stringMatching(problem) }]);
    });
  }

  it('folders without a plan or a journal are nobody’s business', async ({ folder }) => {
    mkdirSync(join(folder, 'other'));
    writeFileSync(join(folder, 'other', 'env.json'), '{}');
    symlinkSync(folder, join(folder, 'loop'));
    expect(await readHistory([folder])).toEqual({ runs: [], skipped: [] });
  });
});
