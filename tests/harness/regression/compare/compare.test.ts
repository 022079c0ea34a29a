import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { compareWithBaseline } from '../../../../harness/regression/compare/compare.js';
import { saveBaseline } from '../../../../harness/regression/snapshot/save.js';
import { it } from '../../../support/folder.js';
import { gitProject } from '../../../support/git-project.js';
import { writeProject } from '../../../support/project.js';
import { refusalOf } from '../../../support/refusal.js';

describe('a rule that was asked for by name', () => {
  it('and could compare no entry is refused with the reason; what else is worse is told all the same', async ({
    folder,
  }) => {
    const baseline = join(folder, 'baseline');
    await saveBaseline(baseline, writeProject(folder, 'before'));
    const batch = writeProject(folder, 'batch', { batch: 8 });
    expect(await refusalOf(() => compareWithBaseline(baseline, batch, { only: ['latency'] }))).toMatch(
      /^latency cannot be compared: batch: 1 and 8\. .*--only latency/,
    );
    expect(await compareWithBaseline(baseline, batch)).toMatchObject({ state: 'undecided' });
    const wider = writeProject(folder, 'wider', { batch: 8, moreChannels: 1 });
    expect(await compareWithBaseline(baseline, wider, { only: ['costs', 'latency'] })).toMatchObject({
      state: 'regression',
      undecided: [
        { rule: 'latency', name: 'mine/two' },
        { rule: 'latency', name: 'repso' },
      ],
    });
  });
});

describe('a suite in a file', () => {
  it('is of the commit of its own folder, whatever folder works', async ({ folder }) => {
    const { folder: files, commit } = await gitProject(folder);
    const hash = await commit('A suite', () => writeProject(files, 'before'));
    const { baseline, current } = await compareWithBaseline(
      join(files, 'before', 'suite.ts'),
      writeProject(folder, 'after'),
      { only: ['costs'] },
    );
    expect(baseline.commit).toBe(hash);
    expect(current.commit).not.toBe(hash);
  });
});
