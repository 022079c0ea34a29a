import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { compareWithBaseline } from '../../../../harness/regression/compare/compare.js';
import { saveBaseline } from '../../../../harness/regression/snapshot/save.js';
import { it } from '../../../support/folder.js';
import { type ProjectChanges, writeProject } from '../../../support/project.js';
import { refusalOf } from '../../../support/refusal.js';

/** Costs of a project against those of the project before the changes. */
const costsAfter = async (folder: string, after: ProjectChanges, before: ProjectChanges = {}) => {
  const baseline = join(folder, 'baseline');
  await saveBaseline(baseline, writeProject(folder, 'before', before));
  const comparison = await compareWithBaseline(baseline, writeProject(folder, 'after', after), {
    only: ['costs'],
  });
  if (comparison.costs === null) throw new Error('Costs were not compared.');
  return { ...comparison, costs: comparison.costs };
};

describe('costs', () => {
  it('of unchanged code are equal', async ({ folder }) => {
    const { state, costs, regressions } = await costsAfter(folder, {});
    expect([state, regressions]).toEqual(['passed', []]);
    expect(costs).toEqual({ entries: [], equal: ['mine/two', 'repso'], added: [], removed: [] });
  });

  it('of one channel more are worse, and its convolution is named first with both numbers', async ({
    folder,
  }) => {
    const { state, costs, regressions } = await costsAfter(folder, { moreChannels: 1 });
    expect([state, regressions]).toEqual(['regression', [{ rule: 'costs', name: 'mine/two' }]]);
    expect(costs.equal).toEqual(['repso']);
    const [entry] = costs.entries;
    const [cause] = entry?.operations ?? [];
    expect(cause).toMatchObject({
      form: 'train',
      path: 'stages.0.blocks.0.expand.conv',
      before: { output: [16, 6, 6], params: 128, macs: 128 * 36 },
      after: { output: [17, 6, 6], params: 136, macs: 136 * 36 },
    });
    // The hidden width reaches expand, spatial and both projections, with their norms, in two blocks.
    const totals = entry?.totals.find(({ form, metric }) => form === 'deploy' && metric === 'params');
    const rows = entry?.operations?.filter(({ form }) => form === 'deploy') ?? [];
    const byOperation = rows.reduce(
      (sum, { before, after }) => sum + (after?.params ?? 0) - (before?.params ?? 0),
      0,
    );
    expect(byOperation).toBe((totals?.after ?? 0) - (totals?.before ?? 0));
    expect(byOperation).toBeGreaterThan(0);
  });

  it('of a kernel of 5 instead of 3 are worse in that convolution alone', async ({ folder }) => {
    const { state, costs } = await costsAfter(folder, { kernel: 5 });
    expect(state).toBe('regression');
    const operations = costs.entries[0]?.operations ?? [];
    expect(new Set(operations.map(({ path }) => path))).toEqual(
      new Set(['stages.0.blocks.0.spatial.conv', 'stages.1.blocks.0.spatial.conv']),
    );
    for (const { before, after } of operations) {
      expect([before?.op, after?.op]).toEqual([
        expect.stringContaining('kernel=3x3'),
        expect.stringContaining('kernel=5x5'),
      ]);
    }
    const back = await costsAfter(join(folder, 'back'), {}, { kernel: 5 });
    expect([back.state, back.costs.entries[0]?.state]).toEqual(['passed', 'better']);
  });

  it('of a lost merge name the branches that the deploy form keeps', async ({ folder }) => {
    const { state, costs } = await costsAfter(folder, { unmergeable: true });
    expect(state).toBe('regression');
    const { unmerged = [], operations } = costs.entries[0] ?? {};
    expect(unmerged).toEqual(
      [0, 1].flatMap((stage) =>
        ['project1', 'project2'].map((branch) => `stages.${stage}.blocks.0.${branch}.conv`),
      ),
    );
    const added = operations?.filter(({ form, before }) => form === 'deploy' && before === null) ?? [];
    expect(added.map(({ path }) => path)).toEqual(expect.arrayContaining(unmerged));
  });

  it('that are equal in another network are told, and are no failure', async ({ folder }) => {
    const { state, costs } = await costsAfter(folder, { expand: 'widen' });
    expect(state).toBe('passed');
    const [entry] = costs.entries;
    expect(entry).toMatchObject({ name: 'mine/two', state: 'changed', totals: [], unmerged: [] });
    expect(entry?.operations?.[0]).toMatchObject({ path: 'stages.0.blocks.0.expand.conv', after: null });
    expect(entry?.operations?.some(({ path, before }) => path.includes('widen') && before === null)).toBe(
      true,
    );
  });

  it('of an entry that is gone are a finding, unless it was allowed to go', async ({ folder }) => {
    const candidates = `{ name: 'new', block }, { name: 'repso', block: 'meta-light(spatial=repso,expansion=2)' }`;
    const { state, gone, costs } = await costsAfter(folder, { candidates });
    expect([state, gone]).toEqual(['regression', ['mine/two']]);
    expect(costs).toMatchObject({ equal: ['repso'], added: ['new'], removed: ['mine/two'] });
    const again = (allowGone: readonly string[]) =>
      compareWithBaseline(join(folder, 'baseline'), join(folder, 'after', 'suite.ts'), {
        only: ['costs'],
        allowGone,
      });
    expect(await again(['mine/two'])).toMatchObject({ state: 'passed', gone: [] });
    expect(await refusalOf(() => again(['repso']))).toMatch(/names "repso", which is not gone/);
  });

  it('of two sides with nothing in common are refused: a check that checks nothing must not pass', async ({
    folder,
  }) => {
    const refusal = await refusalOf(() => costsAfter(folder, { candidates: `{ name: 'new', block }` }));
    expect(refusal).toMatch(/have no entry in common: .*repso.* on one side, new on the other/);
  });

  it('are counted with the knob where the budget search had put it', async ({ folder }) => {
    const budget = `budget: { metric: 'params', target: 3000, tolerance: 0.5 },`;
    const { costs } = await costsAfter(folder, { budget, kernel: 7 }, { budget });
    const [entry] = costs.entries;
    expect(entry?.selection[0]).toMatch(/expansion=\d/);
    expect(entry?.selection[1]).toBe(entry?.selection[0]);
    expect(entry?.operations?.every(({ path }) => path.endsWith('spatial.conv'))).toBe(true);
  });

  it('are those of a candidate that has lost its knob, as the suite has it now', async ({ folder }) => {
    const budget = `budget: { metric: 'params', target: 3000, tolerance: 0.5 },`;
    const candidates = `{ name: 'mine/two', block, set: { expansion: 4 } },
      { name: 'repso', block: 'meta-light(spatial=repso,expansion=2)' }`;
    const { state, regressions, costs } = await costsAfter(folder, { candidates, budget }, { budget });
    expect([state, regressions]).toEqual(['regression', [{ rule: 'costs', name: 'mine/two' }]]);
    expect(costs.entries[0]?.selection[1]).toContain('expansion=4');
  });

  it('are those of a suite that has lost its budget, with no knob turned', async ({ folder }) => {
    const budget = `budget: { metric: 'params', target: 5000, tolerance: 0.9 },`;
    const { costs } = await costsAfter(folder, {}, { budget });
    expect(costs.entries.map(({ selection }) => selection)).toEqual([
      [expect.stringContaining('expansion='), expect.not.stringContaining('expansion=')],
    ]);
  });

  it('grow with the images of the suite', async ({ folder }) => {
    const { state, regressions, costs } = await costsAfter(folder, { size: 24 });
    expect([state, regressions.map(({ name }) => name)]).toEqual(['regression', ['mine/two', 'repso']]);
    const totals = costs.entries[0]?.totals ?? [];
    expect(totals.map(({ metric }) => metric)).not.toContain('params');
    expect(totals.find(({ metric }) => metric === 'macs')?.after).toBeGreaterThan(
      3 * (totals.find(({ metric }) => metric === 'macs')?.before ?? 0),
    );
  });

  it('are those for the channels of another data set, where the suite has one', async ({ folder }) => {
    const path = resolve('tests/support/data/arrays.npz');
    const { costs } = await costsAfter(folder, { dataset: 'arrays', path, size: 12 });
    const stem = costs.entries[0]?.operations?.find(({ path }) => path === 'stem.entry.conv');
    expect(stem).toMatchObject({ before: { params: 72 }, after: { params: 3 * 72 } });
  });
});
