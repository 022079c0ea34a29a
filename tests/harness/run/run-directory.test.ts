import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { createRunDirectory, writeWhole } from '../../../harness/run/run-directory.js';
import { loadRun, RUN_FILES } from '../../../results/run.js';
import { it } from '../../support/folder.js';
import { refusalOf } from '../../support/refusal.js';
import { runFixture } from '../../support/run-fixture.js';

const { plan, environment } = runFixture({ epochs: 1 });

describe('a new run directory', () => {
  it('holds plan, environment and a journal that has begun, and is a run', async ({ folder }) => {
    const directory = join(folder, 'runs', 'first');
    await createRunDirectory(directory, plan, environment);
    expect(readdirSync(directory).toSorted()).toEqual(Object.values(RUN_FILES).toSorted());
    const run = await loadRun(directory);
    expect(run).toMatchObject({ plan, environment });
    expect(new Set(run.trials.map(({ state }) => state))).toEqual(new Set(['pending']));
    const journal = readFileSync(join(directory, RUN_FILES.journal), 'utf8');
    expect(JSON.parse(journal)).toMatchObject({ event: 'run-started', planKey: plan.planKey });
  });

  it('may be an empty folder that exists', async ({ folder }) => {
    await createRunDirectory(folder, plan, environment);
    expect(existsSync(join(folder, RUN_FILES.plan))).toBe(true);
  });

  it('is refused where there is a run already, which stays as it is', async ({ folder }) => {
    await createRunDirectory(folder, plan, environment);
    const before = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const other = { ...plan, planKey: 'another' };
    expect(await refusalOf(() => createRunDirectory(folder, other, environment))).toBe(
      `${folder} already holds a run. Continue it with --resume ${folder}, or choose another folder with --out.`,
    );
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(before);
  });

  it('is refused where the folder holds something else, which stays alone', async ({ folder }) => {
    writeFileSync(join(folder, 'thesis.tex'), 'years of work');
    expect(await refusalOf(() => createRunDirectory(folder, plan, environment))).toBe(
      `${folder} is not empty. Choose a new or an empty folder with --out.`,
    );
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  it('is refused where a file is in the way', async ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const directory of [file, join(file, 'run')]) {
      expect(await refusalOf(() => createRunDirectory(directory, plan, environment))).toMatch(
        /file(\/run)? cannot be written: (EEXIST|ENOTDIR).*--out\.$/,
      );
    }
  });
});

describe('a file written whole', () => {
  it('takes the place of the old one, and leaves nothing else', async ({ folder }) => {
    await writeWhole(folder, 'results.csv', 'old, and longer');
    await writeWhole(folder, 'results.csv', 'new');
    expect(readFileSync(join(folder, 'results.csv'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['results.csv']);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'leaves the old one where the disk is full, and says so',
    async ({ folder }) => {
      await writeWhole(folder, 'results.csv', 'old');
      symlinkSync('/dev/full', join(folder, 'results.csv.partial'));
      expect(await refusalOf(() => writeWhole(folder, 'results.csv', 'new'))).toMatch(
        /results\.csv cannot be written: ENOSPC.*Free some space; a run that had begun goes on with --resume\.$/,
      );
      expect(readFileSync(join(folder, 'results.csv'), 'utf8')).toBe('old');
    },
  );

  it('leaves the old one where it cannot be replaced', async ({ folder }) => {
    mkdirSync(join(folder, 'results.csv'));
    writeFileSync(join(folder, 'results.csv', 'kept'), '');
    expect(await refusalOf(() => writeWhole(folder, 'results.csv', 'new'))).toMatch(
      /cannot be written: .*--out\.$/,
    );
    expect(readdirSync(join(folder, 'results.csv'))).toEqual(['kept']);
  });
});
