import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { PROFILE_FILE, printProfileRecord } from '../../../results/profile/profile-file.js';
import { loadRun } from '../../../results/run/load-run.js';
import { profileOf } from '../../support/profiled-run.js';
import { refusalOf } from '../../support/refusal.js';
import { runFixture, writeRunDirectory } from '../../support/run-fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'lightbench-profile-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fixture = runFixture({ epochs: 2 });
writeRunDirectory(folder, fixture);
const file = join(folder, PROFILE_FILE);
const profile = profileOf(fixture.run);

it('a run without a profile has none, and one with a profile has it as it was written', async () => {
  expect((await loadRun(folder)).profile).toBeNull();
  writeFileSync(file, printProfileRecord(profile));
  expect((await loadRun(folder)).profile).toEqual(profile);
});

it('a profile that was changed, or is of another run, is refused', async () => {
  const written = printProfileRecord(profile);
  writeFileSync(file, written.replace('"rounds": 12', '"rounds": 13'));
  expect(await refusalOf(() => loadRun(folder))).toMatch(/profile\.json was changed after it was written/);
  writeFileSync(file, printProfileRecord({ ...profile, planKey: 'another' }));
  expect(await refusalOf(() => loadRun(folder))).toMatch(/belongs to another run/);
  writeFileSync(file, written.slice(0, -20));
  expect(await refusalOf(() => loadRun(folder))).toMatch(/profile\.json: not JSON.*lightbench profile/s);
});
