import { describe, expect } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import { builtProgram } from '../../support/command-line.js';
import { it } from '../../support/folder.js';
import { gitProject } from '../../support/git-project.js';
import { writeProject } from '../../support/project.js';

describe('lightbench bisect', () => {
  it('finds where a candidate came to run slower, by measuring', async ({ folder }) => {
    const project = await gitProject(folder);
    const wider = (moreChannels: number) => () =>
      writeProject(project.folder, 'watched', { moreChannels, candidates: `{ name: 'mine', block }` });
    await project.commit('A block and a suite', wider(0));
    await project.commit('Notes');
    const slow = await project.commit('Hundreds of channels more', wider(400));
    const search = ['bisect', 'watched/suite.ts', '--good', 'main~2', '--bad', 'main'];
    const { exitCode, stdout } = await builtProgram(
      project.folder,
      {},
      ...search,
      '--metric',
      'latency',
      '--json',
    );
    const found = CONTRACTS.bisect.parse(JSON.parse(stdout));
    expect([exitCode, found.firstBad.hash]).toEqual([0, slow]);
    expect(found.change.latency).toMatchObject({ state: 'compared', entries: [{ state: 'worse' }] });
  });
});
