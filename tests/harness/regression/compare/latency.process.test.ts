import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import type { Snapshot, SnapshotModel } from '../../../../harness/regression/snapshot/snapshot.js';
import { builtModule } from '../../../support/command-line.js';
import { it } from '../../../support/folder.js';
import { writeProject } from '../../../support/project.js';
import { withModels } from '../../../support/snapshot-models.js';

const { compareSnapshots } = await builtModule<
  typeof import('../../../../harness/regression/compare/compare.js')
>('harness/regression/compare/compare.js');
const { loadSnapshot } = await builtModule<
  typeof import('../../../../harness/regression/snapshot/load-snapshot.js')
>('harness/regression/snapshot/load-snapshot.js');
const { saveBaseline } = await builtModule<typeof import('../../../../harness/regression/snapshot/save.js')>(
  'harness/regression/snapshot/save.js',
);

const candidates = (expansion: number): string =>
  `{ name: 'sand', block: 'sandglass' }, { name: 'repso', block: 'meta-light(spatial=repso,expansion=${expansion})' }`;

const unoptimised = (model: SnapshotModel): SnapshotModel => ({
  ...model,
  record: { ...model.record, session: { ...model.record.session, graphOptimizationLevel: 'disabled' } },
});

const both = async (
  folder: string,
  rounds: { readonly sessions?: number; readonly rounds?: number } = {},
) => {
  const suite = writeProject(folder, 'project', { candidates: candidates(2), ...rounds });
  const baseline = join(folder, 'baseline');
  await saveBaseline(baseline, suite);
  return { baseline, before: await loadSnapshot(baseline), after: await loadSnapshot(suite) };
};

const only = ['latency'] as const;

describe('latency', () => {
  it('of the same models under the same options is a tie by identity', async ({ folder }) => {
    const { before, after } = await both(folder);
    const { state, latency } = await compareSnapshots(before, after, { only });
    expect(state).toBe('passed');
    expect(latency).toMatchObject({
      entries: [
        { name: 'sand', state: 'identical' },
        { name: 'repso', state: 'identical' },
      ],
      noiseFloor: null,
    });
  });

  it('of a model with 32 times the channels is worse, with all that belongs to the verdict', async ({
    folder,
  }) => {
    const many = { sessions: 12, rounds: 48 };
    const { before } = await both(folder, many);
    const after = await loadSnapshot(writeProject(folder, 'wide', { candidates: candidates(64), ...many }));
    vi.stubEnv('TMPDIR', folder);
    const rounds: number[] = [];
    const { state, regressions, latency } = await compareSnapshots(before, after, {
      only,
      onProgress: (done) => rounds.push(done),
    });
    expect(state).toBe('regression');
    expect(regressions).toEqual([{ rule: 'latency', name: 'repso' }]);
    if (latency?.state !== 'compared') throw new Error('Latencies were not compared.');
    const [sand, repso] = latency.entries;
    expect(sand?.state).toBe('identical');
    if (repso?.state !== 'worse') throw new Error('repso is not worse.');
    expect(repso.interval[0]).toBeGreaterThan(0.01);
    expect(repso.after).toBeGreaterThan(repso.before);
    expect(latency.noiseFloor).toBeGreaterThan(0);
    expect(rounds.at(-1)).toBe(many.rounds);
    expect(readdirSync(folder).filter((name) => name.startsWith('lightbench-'))).toEqual([]);
  });

  it('of a session with its optimisations off is measured, though the models are the same', async ({
    folder,
  }) => {
    const { before, after } = await both(folder, { sessions: 2, rounds: 2 });
    const { latency } = await compareSnapshots(before, withModels(after, unoptimised), { only });
    expect(latency).toMatchObject({
      state: 'compared',
      entries: [{ after: expect.any(Number) }, { after: expect.any(Number) }],
    });
  });

  it('where a model is kept elsewhere or takes another batch: told, as undecided; where it no longer runs: a regression', async ({
    folder,
  }) => {
    const { baseline, before, after } = await both(folder);
    const models = join(baseline, 'models');
    const states = async (one: Snapshot, other: Snapshot) => {
      const { state, latency } = await compareSnapshots(one, other, { only });
      if (latency?.state !== 'compared') throw new Error('Latencies were not compared.');
      return [state, ...latency.entries.map((entry) => ('reason' in entry ? entry.reason : entry.state))];
    };
    const eight = withModels(after, (model) => ({ ...model, record: { ...model.record, batch: 8 } }));
    expect(await states(before, eight)).toEqual(['undecided', 'batch: 1 and 8', 'batch: 1 and 8']);

    const garbage = withModels(after, (model) => ({
      record: { ...model.record, sha256: '0'.repeat(64) },
      read: async () => new Uint8Array([1, 2, 3]),
    }));
    expect(await states(before, garbage)).toEqual([
      'regression',
      expect.stringMatching(/^current sand does not run: /),
      expect.stringMatching(/^current repso does not run: /),
    ]);
    expect(await states(garbage, before)).toEqual([
      'undecided',
      expect.stringMatching(/^baseline of sand does not run: /),
      expect.stringMatching(/^baseline of repso does not run: /),
    ]);

    const failed = {
      ...after,
      entries: after.entries.map((entry) => ({
        ...entry,
        model: null,
        failed: { latency: 'it ran out of memory.' },
      })),
    };
    expect(await states(before, failed)).toEqual([
      'regression',
      'the current one does not run: it ran out of memory.',
      'the current one does not run: it ran out of memory.',
    ]);

    for (const file of readdirSync(models)) rmSync(join(models, file));
    expect(await states(before, withModels(after, unoptimised))).toEqual([
      'undecided',
      expect.stringMatching(/not in .*baseline: large models are kept outside git/),
      expect.stringMatching(/not in .*baseline/),
    ]);
  });

  it('tells the recorded milliseconds as context, and that another onnxruntime made them', async ({
    folder,
  }) => {
    const { baseline, after } = await both(folder, { sessions: 2, rounds: 2 });
    const file = join(baseline, 'baseline.json');
    const text = readFileSync(file, 'utf8').replace(/"onnxruntime": "[^"]+"/, '"onnxruntime": "1.2.3"');
    writeFileSync(
      file,
      text.replace('"fingerprint"', '"latencyMs": { "median": 9, "interval95": [8, 10] }, "fingerprint"'),
    );
    const { latency } = await compareSnapshots(await loadSnapshot(baseline), withModels(after, unoptimised), {
      only,
    });
    expect(latency).toMatchObject({
      state: 'compared',
      notes: [expect.stringContaining('made with onnxruntime 1.2.3; both sides were timed with')],
    });
    const entries = latency?.state === 'compared' ? latency.entries : [];
    expect(entries.map((entry) => ('stored' in entry ? entry.stored : undefined))).toEqual([9, null]);
  });
});
