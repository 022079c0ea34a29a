import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { createRunDirectory, makeFolder, writeWhole } from '../../../../harness/run/folder/run-directory.js';
import { loadRun, RUN_FILES } from '../../../../results/run/load-run.js';
import { it } from '../../../support/folder.js';
import { refusalOf } from '../../../support/refusal.js';
import { runFixture, writeRunDirectory } from '../../../support/run-fixture.js';

const { plan, environment } = runFixture({ epochs: 1 });

describe('a new run directory', () => {
  it('holds plan, environment and a journal that has begun, and is a run', async ({ folder }) => {
    const directory = join(folder, 'runs', 'first');
    await makeFolder(directory);
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
      `${folder} already contains a run. Continue it with --resume ${folder}, or choose another folder with --out.`,
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

  it('may be one in which a run was killed before it had a plan, whatever was written by then', async ({
    folder,
  }) => {
    const whole = join(folder, 'whole');
    await makeFolder(whole);
    await createRunDirectory(whole, plan, environment);
    const [env, journal] = [RUN_FILES.environment, RUN_FILES.journal].map((name) =>
      readFileSync(join(whole, name)),
    );
    const begun: readonly Readonly<Record<string, Buffer | undefined>>[] = [
      { 'env.json.7.partial': env?.subarray(0, 9) },
      { [RUN_FILES.environment]: env },
      { [RUN_FILES.environment]: env, [RUN_FILES.journal]: Buffer.from('') },
      { [RUN_FILES.environment]: env, [RUN_FILES.journal]: journal?.subarray(0, 40) },
      { [RUN_FILES.environment]: env, [RUN_FILES.journal]: journal, 'suite.json.7.partial': env },
    ];
    for (const [index, files] of begun.entries()) {
      const directory = join(folder, String(index));
      await makeFolder(directory);
      for (const [name, bytes = ''] of Object.entries(files)) writeFileSync(join(directory, name), bytes);
      await createRunDirectory(directory, plan, environment);
      expect((await loadRun(directory)).plan).toEqual(plan);
    }
  });

  it('is refused where the plan of a run is lost, but not its results', async ({ folder }) => {
    writeRunDirectory(folder, runFixture({ epochs: 1 }));
    rmSync(join(folder, RUN_FILES.plan));
    expect(await refusalOf(() => createRunDirectory(folder, plan, environment))).toMatch(/is not empty/);
    expect(await refusalOf(() => loadRun(folder))).toMatch(/not a run folder: suite\.json missing/);
  });

  it('is refused where a file is in the way', async ({ folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const directory of [file, join(file, 'run')]) {
      for (const action of [makeFolder, (path: string) => createRunDirectory(path, plan, environment)]) {
        expect(await refusalOf(() => action(directory))).toMatch(
          /file(\/run)? cannot be written: .*(EEXIST|ENOTDIR).*--out\.$/,
        );
      }
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
      symlinkSync('/dev/full', join(folder, `results.csv.${process.pid}.partial`));
      expect(await refusalOf(() => writeWhole(folder, 'results.csv', 'new'))).toMatch(
        /results\.csv cannot be written: .*ENOSPC.*Free some space; a run that had begun goes on with --resume\.$/,
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
