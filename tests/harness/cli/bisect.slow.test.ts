import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import type { BisectOptions } from '../../../harness/regression/bisect/bisect.js';
import { builtModule, builtProgram } from '../../support/command-line.js';
import { it } from '../../support/folder.js';
import { type GitProject, gitProject } from '../../support/git-project.js';
import { writeProject } from '../../support/project.js';

/** Seven commits after the first: the second does not load, the fourth widens, the sixth makes a kernel smaller. */
const history = async (parent: string): Promise<{ project: GitProject; hashes: readonly string[] }> => {
  const project = await gitProject(parent);
  const { folder, commit } = project;
  const hashes = [await commit('A block and a suite', () => writeProject(folder, 'watched'))];
  hashes.push(await commit('Notes'));
  hashes.push(
    await commit('Half a thought', () =>
      writeFileSync(join(folder, 'watched', 'my-block.ts'), 'export default ('),
    ),
  );
  hashes.push(await commit('Mend it', () => writeProject(folder, 'watched')));
  hashes.push(await commit('Widen by a channel', () => writeProject(folder, 'watched', { moreChannels: 1 })));
  hashes.push(await commit('More notes'));
  hashes.push(
    await commit('A smaller kernel', () => writeProject(folder, 'watched', { moreChannels: 1, kernel: 1 })),
  );
  hashes.push(await commit('Last notes'));
  return { project, hashes };
};

/** Temporary files go where the test sees whether they stay. */
const start = ({ folder }: GitProject, ...args: readonly string[]) => {
  const temporary = join(folder, '..', 'temporary');
  mkdirSync(temporary, { recursive: true });
  return builtProgram(folder, { TMPDIR: temporary }, 'bisect', ...args);
};

const leftBy = ({ folder }: GitProject): readonly string[] =>
  readdirSync(join(folder, '..', 'temporary')).filter((name) => name.startsWith('lightbench-'));

const bisect = async (project: GitProject, ...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await start(project, ...args);
  expect(leftBy(project)).toEqual([]);
  return { exitCode, stdout, stderr };
};

const SUITE = 'watched/suite.ts';

let made: Awaited<ReturnType<typeof history>>;

beforeAll(async () => {
  made = await history(mkdtempSync(join(tmpdir(), 'lightbench-bisect-')));
});

afterAll(() => rmSync(join(made.project.folder, '..'), { recursive: true }));

describe('lightbench bisect', () => {
  it('finds the commit that widened a block, past one that does not load, and names the operation', async () => {
    const { project, hashes } = made;
    const [first = '', , broken, , widened] = hashes;
    const { exitCode, stdout, stderr } = await bisect(
      project,
      SUITE,
      '--good',
      first,
      '--bad',
      'main',
      '--json',
    );
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Widen by a channel')]);
    const found = CONTRACTS.bisect.parse(JSON.parse(stdout));
    expect(found).toMatchObject({
      state: 'found',
      firstBad: { hash: widened, subject: 'Widen by a channel' },
      lastGood: { hash: hashes[3] },
      change: { state: 'regression', costs: { entries: [{ name: 'mine/two', state: 'worse' }] } },
    });
    expect(found.probes.find(({ commit }) => commit.hash === broken)?.state ?? 'skipped').toBe('skipped');
    const operations = found.change.costs?.entries[0]?.operations ?? [];
    const [cause] = operations.filter(({ form }) => form === 'deploy');
    expect(cause?.path).toBe('stages.0.blocks.0.expand.conv');
    expect((cause?.after?.params ?? 0) - (cause?.before?.params ?? 0)).toBeGreaterThan(0);

    const told = await bisect(
      project,
      SUITE,
      '--good',
      'main~4',
      '--bad',
      `${widened}`,
      '--candidate',
      'mine/two',
    );
    expect([told.exitCode, told.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^First bad commit: [0-9a-f]{12} {2}\d{4}-\d\d-\d\d {2}Widen by a channel\n[\s\S]*expand\.conv: /,
      ),
    ]);
    expect(await project.git('status', '--porcelain')).toBe('');
    expect((await project.git('worktree', 'list')).split('\n')).toHaveLength(1);
  });

  it('names all commits that may be the one where those between cannot be built', async () => {
    const { project, hashes } = made;
    const [, notes = '', broken] = hashes;
    await project.git('checkout', '--quiet', '-b', 'wider', broken ?? '');
    await project.commit('Wider at once', () => writeProject(project.folder, 'watched', { kernel: 5 }));
    await project.git('checkout', '--quiet', 'main');
    const { exitCode, stdout } = await bisect(project, SUITE, '--good', notes, '--bad', 'wider', '--json');
    const found = CONTRACTS.bisect.parse(JSON.parse(stdout));
    expect(exitCode).toBe(1);
    expect(found).toMatchObject({
      state: 'undecided',
      lastGood: { hash: notes },
      between: [{ hash: broken }],
      firstBad: { subject: 'Wider at once' },
    });
    expect(found.probes.find(({ commit }) => commit.hash === broken)).toMatchObject({
      state: 'skipped',
      reason: expect.stringMatching(/^watched\/suite\.ts cannot be loaded/),
    });
  });

  it('leaves nothing behind where it is stopped by Ctrl-C', async () => {
    const { project, hashes } = made;
    const search = start(project, SUITE, '--good', hashes[0] ?? '', '--bad', 'main');
    await once(search.stderr, 'data');
    expect(leftBy(project)).toHaveLength(1);
    search.kill('SIGINT');
    const { exitCode } = await search;
    expect([exitCode, leftBy(project)]).toEqual([130, []]);
    expect((await project.git('worktree', 'list')).split('\n')).toHaveLength(1);
  });

  it('refuses what is no search, with exit code 2', async ({ folder }) => {
    const project = await gitProject(folder);
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [[SUITE, '--good', 'v9', '--bad', 'main'], /has no commit v9/],
      [[SUITE, '--good', 'main'], /--bad/],
    ];
    for (const [args, message] of refusals) {
      const { exitCode, stderr } = await bisect(project, ...args);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});

describe('bisect', () => {
  it('refuses what cannot be searched, and leaves nothing behind', async () => {
    const { bisect: search } = await builtModule<
      typeof import('../../../harness/regression/bisect/bisect.js')
    >('harness/regression/bisect/bisect.js');
    const { project, hashes } = made;
    const { folder } = project;
    const [first = '', , broken = '', , widened = ''] = hashes;
    await project.git('checkout', '--quiet', '-b', 'side', first);
    await project.commit('Elsewhere');
    const refusals: readonly (readonly [source: string, BisectOptions, RegExp])[] = [
      [SUITE, { good: 'main', bad: first }, /is not an ancestor of the bad one/],
      [SUITE, { good: 'side', bad: 'main' }, /is not an ancestor of the bad one/],
      [SUITE, { good: 'main', bad: 'main' }, /are the same/],
      [SUITE, { good: first, bad: `${widened}~1` }, /No cost is worse at/],
      [SUITE, { good: widened, bad: 'main' }, /No cost is worse at/],
      [
        SUITE,
        { good: broken, bad: 'main' },
        /The good commit, .* cannot be used: .*suite\.ts cannot be loaded/,
      ],
      [SUITE, { good: first, bad: broken }, /is not known to be worse: .*suite\.ts cannot be loaded/],
      [SUITE, { good: first, bad: 'main', candidate: 'x' }, /no candidate x, only mine\/two, repso/],
      ['none.ts', { good: first, bad: 'main' }, /Unknown suite "\.\/none\.ts"/],
      ['../none.ts', { good: first, bad: 'main' }, /is not in the repository/],
      ['catalogue', { good: first, bad: 'main' }, /no sources of lightbench/],
      ['catalogue', { good: first, bad: 'main', metric: 'latency' }, /only costs/],
    ];
    const temporary = join(folder, '..', 'temporary');
    mkdirSync(temporary, { recursive: true });
    vi.stubEnv('TMPDIR', temporary);
    for (const [source, options, message] of refusals) {
      await expect(search(source, { ...options, folder })).rejects.toThrow(message);
      expect(leftBy(project)).toEqual([]);
    }
    rmSync(join(folder, '.git'), { recursive: true });
    await expect(search(SUITE, { good: first, bad: 'main', folder })).rejects.toThrow(
      /is not in a git repository/,
    );
  });
});
