import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { compareWithBaseline } from '../../../../harness/regression/compare/compare.js';
import { comparisonSchema } from '../../../../harness/regression/compare/comparison.js';
import { saveBaseline } from '../../../../harness/regression/snapshot/save.js';
import { comparisonJunit } from '../../../../reports/compare/junit.js';
import { comparisonText } from '../../../../reports/compare/text.js';
import type { JournalEvent } from '../../../../results/journal/events.js';
import type { Plan } from '../../../../results/plan/plan.js';
import { it } from '../../../support/folder.js';
import { inInt8 } from '../../../support/in-int8.js';
import { refusalOf } from '../../../support/refusal.js';
import { type RunFixture, runFixture, writeRunDirectory } from '../../../support/run-fixture.js';

/** A run of before the times when runs kept costs by operation and models. */
const writeRun = (
  folder: string,
  name: string,
  change: (fixture: RunFixture) => RunFixture = (same) => same,
) => {
  const directory = join(folder, name);
  writeRunDirectory(directory, change(runFixture({ failures: false })));
  return directory;
};

const changedResults =
  (candidate: string, change: (bits: Buffer) => void) =>
  (fixture: RunFixture): RunFixture => ({
    ...fixture,
    events: fixture.events.map((event): JournalEvent => {
      if (event.event !== 'trial-done' || event.candidate !== candidate) return event;
      const bits = Buffer.from(event.result.testCorrect, 'base64');
      change(bits);
      const right = bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
      const testTop1 = right / fixture.plan.conditions.dataset.testImages;
      return { ...event, result: { ...event.result, testTop1, testCorrect: bits.toString('base64') } };
    }),
  });

/** Planned so: its key is that of its content. */
const plannedAs = (change: (plan: Plan) => Plan) => (): RunFixture => runFixture({ failures: false, change });

describe('two runs', () => {
  it('that classify every image alike are identical, and their costs are equal', async ({ folder }) => {
    const [before, after] = [writeRun(folder, 'before'), writeRun(folder, 'after')];
    const { state, costs, accuracy, latency } = await compareWithBaseline(before, after);
    expect(state).toBe('passed');
    expect(costs?.entries).toEqual([]);
    if (accuracy?.state !== 'compared') throw new Error('Accuracies were not compared.');
    expect(new Set(accuracy.entries.map((entry) => entry.state))).toEqual(new Set(['identical']));
    expect(latency).toMatchObject({
      state: 'not-comparable',
      reasons: [expect.stringContaining('has no models')],
    });
  });

  it('of which one is quantised too are compared in float', async ({ folder }) => {
    const before = writeRun(folder, 'before');
    const after = writeRun(folder, 'after', plannedAs(inInt8));
    const { accuracy } = await compareWithBaseline(before, after);
    expect(accuracy?.state).toBe('compared');
  });

  it('of which one gets 64 of 1,000 images wrong that it got right: accuracy is worse, of that candidate alone', async ({
    folder,
  }) => {
    const before = writeRun(folder, 'before');
    const after = writeRun(
      folder,
      'after',
      changedResults('repso', (bits) => bits.fill(0, 0, 8)),
    );
    const { state, regressions, accuracy } = await compareWithBaseline(before, after, { only: ['accuracy'] });
    expect([state, regressions]).toEqual(['regression', [{ rule: 'accuracy', name: 'repso' }]]);
    if (accuracy?.state !== 'compared') throw new Error('Accuracies were not compared.');
    const repso = accuracy.entries.find(({ name }) => name === 'repso');
    if (repso?.state !== 'worse') throw new Error('repso is not worse.');
    expect(repso.after - repso.before).toBeCloseTo(repso.effect, 10);
    expect(repso.effect).toBeLessThan(-0.04);
    expect(repso.interval[1]).toBeLessThan(-0.002);
  });

  it('are judged by the thresholds of the baseline, saved or not', async ({ folder }) => {
    const withThreshold = (name: string, top1: number) => {
      const worse = name === 'after' ? changedResults('repso', (bits) => bits.fill(0, 0, 8)) : null;
      const planned = plannedAs((plan) => ({ ...plan, thresholds: { top1, latency: 0.01 } }))();
      return writeRun(folder, name, () => worse?.(planned) ?? planned);
    };
    const [lenient, strict] = [withThreshold('lenient', 0.5), withThreshold('strict', 0.002)];
    const after = withThreshold('after', 0.5);
    await saveBaseline(join(folder, 'baseline'), lenient);
    for (const [before, state] of [
      [lenient, 'tie'],
      [join(folder, 'baseline'), 'tie'],
      [strict, 'worse'],
    ] as const) {
      const { accuracy } = await compareWithBaseline(before, after, { only: ['accuracy'] });
      if (accuracy?.state !== 'compared') throw new Error('Accuracies were not compared.');
      expect(accuracy.entries.find(({ name }) => name === 'repso')?.state).toBe(state);
    }
  });

  it('through a saved baseline, which tells of accuracies what the run told', async ({ folder }) => {
    const baseline = join(folder, 'baseline');
    await saveBaseline(baseline, writeRun(folder, 'before'));
    const after = writeRun(
      folder,
      'after',
      changedResults('repso', (bits) => bits.fill(0, 0, 8)),
    );
    const direct = await compareWithBaseline(join(folder, 'before'), after);
    rmSync(join(folder, 'before'), { recursive: true });
    const saved = await compareWithBaseline(baseline, after);
    expect(saved.accuracy).toEqual(direct.accuracy);
    expect(saved.costs).toEqual(direct.costs);
  });

  it('of which one has lost images are refused with its name', async ({ folder }) => {
    const baseline = join(folder, 'baseline');
    const run = writeRun(folder, 'before');
    await saveBaseline(baseline, run);
    const file = join(baseline, 'accuracy.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"testCorrect":"..../, '"testCorrect":"'));
    expect(await refusalOf(() => compareWithBaseline(baseline, run, { only: ['accuracy'] }))).toMatch(
      /seed 0, of .*baseline tells of 976 test images; the plan has 1000/,
    );
  });

  it('under other conditions are not comparable, and the conditions are named', async ({ folder }) => {
    const before = writeRun(folder, 'before');
    const after = writeRun(
      folder,
      'after',
      plannedAs((plan) => ({
        ...plan,
        conditions: { ...plan.conditions, recipe: { ...plan.conditions.recipe, learningRate: 0.2 } },
      })),
    );
    const { state, accuracy } = await compareWithBaseline(before, after);
    expect(state).toBe('passed');
    expect(accuracy).toEqual({ state: 'not-comparable', reasons: ['recipe.learningRate: 0.1 and 0.2'] });
    expect(await refusalOf(() => compareWithBaseline(before, after, { only: ['accuracy'] }))).toContain(
      'recipe.learningRate: 0.1 and 0.2',
    );
  });

  it('with costs that differ: totals are told, and that the operations are not known', async ({ folder }) => {
    const before = writeRun(folder, 'before');
    const after = writeRun(
      folder,
      'after',
      plannedAs((plan) => ({
        ...plan,
        candidates: plan.candidates.map((candidate) =>
          candidate.name === 'repso'
            ? {
                ...candidate,
                costs: {
                  ...candidate.costs,
                  deploy: { ...candidate.costs.deploy, params: candidate.costs.deploy.params + 1 },
                },
              }
            : candidate,
        ),
      })),
    );
    const { regressions, costs } = await compareWithBaseline(before, after, { only: ['costs'] });
    expect(regressions).toEqual([{ rule: 'costs', name: 'repso' }]);
    expect(costs?.entries).toMatchObject([
      { name: 'repso', totals: [{ form: 'deploy', metric: 'params' }], operations: null },
    ]);
  });

  it('of another engine than onnxruntime: latency is refused with its reason', async ({ folder }) => {
    const wasm = (plan: Plan): Plan => ({
      ...plan,
      conditions: { ...plan.conditions, engine: { id: 'wasm', version: '4.22.0', device: 'cpu' } },
    });
    const [before, after] = [
      writeRun(folder, 'before', plannedAs(wasm)),
      writeRun(folder, 'after', plannedAs(wasm)),
    ];
    expect(await refusalOf(() => compareWithBaseline(before, after, { only: ['latency'] }))).toMatch(
      /was measured on wasm: only models of onnxruntime/,
    );
  });
});

describe('a seed', () => {
  it('that only one side has trained does not count, and is told', async ({ folder }) => {
    const seed0 = (fixture: RunFixture): RunFixture => ({
      ...fixture,
      events: fixture.events.filter(
        (event) => !('seed' in event) || event.seed === 0 || event.candidate !== 'repso',
      ),
    });
    const none = (fixture: RunFixture): RunFixture => ({
      ...fixture,
      events: fixture.events.filter((event) => !('seed' in event) || event.candidate !== 'repso'),
    });
    const before = writeRun(folder, 'before');
    const repso = async (after: string) => {
      const { accuracy } = await compareWithBaseline(before, after, { only: ['accuracy'] });
      if (accuracy?.state !== 'compared') throw new Error('Accuracies were not compared.');
      return [accuracy.entries.find(({ name }) => name === 'repso'), accuracy.notes];
    };
    expect(await repso(writeRun(folder, 'one', seed0))).toEqual([
      { name: 'repso', state: 'identical' },
      [expect.stringMatching(/^Trained seeds of repso: 3 in .*before, 1 in .*one\.$/)],
    ]);
    expect(await repso(writeRun(folder, 'none', none))).toEqual([
      {
        name: 'repso',
        state: 'not-comparable',
        reason: expect.stringMatching(/none has no trained seed of it$/),
      },
      [],
    ]);
  });
});

describe('a candidate', () => {
  const failing =
    (seeds: readonly number[]) =>
    (fixture: RunFixture): RunFixture => ({
      ...fixture,
      events: fixture.events.map((event): JournalEvent => {
        if (event.event !== 'trial-done' || event.candidate !== 'repso' || !seeds.includes(event.seed)) {
          return event;
        }
        const { key, candidate, seed, at } = event;
        return { event: 'trial-failed', key, candidate, seed, error: 'The loss is not finite.', at };
      }),
    });

  it('that trained before, and of which all trainings fail now, is broken', async ({ folder }) => {
    const [sound, broken] = [writeRun(folder, 'sound'), writeRun(folder, 'broken', failing([0, 1, 2]))];
    const comparison = await compareWithBaseline(sound, broken);
    expect(comparisonSchema.parse(comparison)).toMatchObject({
      state: 'regression',
      regressions: [{ rule: 'accuracy', name: 'repso' }],
      undecided: [],
    });
    expect(comparisonText(comparison, false)).toMatch(
      /broken repso: all its trainings in .*broken failed: The loss is not finite\./,
    );
    expect(comparisonJunit(comparison)).toContain('<failure message="broken: all its trainings in ');
    expect(await compareWithBaseline(broken, sound)).toMatchObject({
      state: 'undecided',
      undecided: [{ rule: 'accuracy', name: 'repso' }],
    });
  });

  it('of which one training succeeds is compared by that', async ({ folder }) => {
    const [sound, failed] = [writeRun(folder, 'sound'), writeRun(folder, 'failed', failing([1, 2]))];
    expect(await compareWithBaseline(sound, failed)).toMatchObject({ state: 'passed', regressions: [] });
  });
});

describe('a single seed', () => {
  it('of one side decides nothing, and predicts nothing', async ({ folder }) => {
    const before = writeRun(folder, 'before');
    const after = writeRun(folder, 'after', (fixture) => {
      const changed = changedResults('repso', (bits) => bits.fill(0, 0, 8))(fixture);
      return { ...changed, events: changed.events.filter((event) => !('seed' in event) || event.seed === 0) };
    });
    const comparison = await compareWithBaseline(before, after, { only: ['accuracy'] });
    expect(comparisonSchema.parse(comparison)).toMatchObject({
      state: 'undecided',
      undecided: [{ rule: 'accuracy', name: 'repso' }],
    });
    expect(comparisonText(comparison, false)).toContain(
      'A single seed decides nothing: it takes at least 3 seeds on both sides.',
    );
  });
});

describe('a name that stands for nothing', () => {
  it('is refused with what would', async ({ folder }) => {
    expect(await refusalOf(() => compareWithBaseline(folder))).toMatch(/neither a run nor a baseline/);
    expect(await refusalOf(() => compareWithBaseline(join(folder, 'none')))).toMatch(/Unknown suite/);
  });
});
