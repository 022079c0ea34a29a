import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { compareWithBaseline } from '../../../../harness/regression/compare/compare.js';
import { saveBaseline } from '../../../../harness/regression/snapshot/save.js';
import { readBaseline } from '../../../../results/baseline.js';
import { sha256Of } from '../../../../results/journal/checksum.js';
import { it } from '../../../support/folder.js';
import { writeProject } from '../../../support/project.js';
import { refusalOf } from '../../../support/refusal.js';
import { runFixture, writeRunDirectory } from '../../../support/run-fixture.js';

describe('a saved baseline', () => {
  it('holds costs by operation and models under the hash of their content, and its source from its own place', async ({
    folder,
  }) => {
    const baseline = join(folder, 'baseline');
    const saved = await saveBaseline(baseline, writeProject(folder, 'project'));
    expect(await readBaseline(baseline)).toEqual(saved);
    expect(saved).toMatchObject({ source: '../project/suite.ts', madeOf: 'code' });
    for (const { costs = '', model } of saved.entries) {
      expect(readFileSync(join(baseline, 'costs', costs), 'utf8').split('\n').length).toBeGreaterThan(20);
      const bytes = readFileSync(join(baseline, 'models', `${model?.sha256}.onnx`));
      expect([sha256Of(bytes), bytes.length]).toEqual([model?.sha256, model?.bytes]);
    }
    expect(existsSync(join(baseline, 'models', '.gitignore'))).toBe(false);
  });

  it('is saved again from where it came, which accepts what has changed', async ({ folder }) => {
    const baseline = join(folder, 'baseline');
    await saveBaseline(baseline, writeProject(folder, 'project'));
    const before = readdirSync(join(baseline, 'models'));
    const suite = writeProject(folder, 'other', {
      candidates: `{ name: 'other', block: 'meta-light(spatial=repso,expansion=3)' }`,
    });
    await saveBaseline(baseline, suite);
    const after = readdirSync(join(baseline, 'models'));
    expect([before.length, after.length]).toEqual([2, 1]);
    expect(before).not.toContain(after[0]);
    expect(readdirSync(join(baseline, 'costs'))).toEqual(['other.json']);
    expect(await refusalOf(() => saveBaseline(baseline))).toMatch(
      /would execute .*outside the working folder/,
    );
    expect(await refusalOf(() => compareWithBaseline(baseline))).toMatch(/would execute/);
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    const again = await saveBaseline(baseline);
    expect(again.entries).toEqual((await readBaseline(baseline)).entries);
    expect((await compareWithBaseline(baseline)).state).toBe('passed');
  });

  it('is refused in words where the suite that it was made of has moved', async ({ folder }) => {
    const suite = writeProject(folder, 'project');
    const baseline = join(folder, 'baseline');
    await saveBaseline(baseline, suite);
    const moved = join(folder, 'project', 'moved.ts');
    renameSync(suite, moved);
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    for (const use of [() => saveBaseline(baseline), () => compareWithBaseline(baseline)]) {
      expect(await refusalOf(use)).toMatch(
        /baseline was made of .*suite\.ts, which is not there\. .*name it as well/,
      );
    }
    expect((await compareWithBaseline(baseline, moved)).state).toBe('passed');
  });

  it('is of a suite whose images are where it says', async ({ folder }) => {
    mkdirSync(join(folder, 'project'));
    copyFileSync('tests/support/data/arrays.npz', join(folder, 'project', 'mine.npz'));
    const suite = writeProject(folder, 'project', { dataset: 'arrays', path: './mine.npz', size: 32 });
    const { entries } = await saveBaseline(join(folder, 'baseline'), suite);
    expect(entries.map(({ classes }) => classes)).toEqual([4, 4]);
  });

  it('of a suite with a latency budget is refused in words: only a run measures where the knobs stand', async ({
    folder,
  }) => {
    const suite = writeProject(folder, 'project', {
      candidates: `{ name: 'mine', block, knob: { option: 'expansion', values: [1, 2, 3] } }`,
      budget: `budget: { metric: 'latency', target: 0.1 },`,
    });
    const refusal = await refusalOf(() => saveBaseline(join(folder, 'baseline'), suite));
    expect(refusal).toMatch(/mine: its expansion depends on a latency budget, which only a run can measure/);
  });

  it('of a part that builds another network every time is refused', async ({ folder }) => {
    const suite = writeProject(folder, 'project');
    const block = join(folder, 'project', 'my-block.ts');
    const text = readFileSync(block, 'utf8');
    writeFileSync(block, `let built = 0;\n${text.replace('+ 0;', '+ (built += 1);')}`);
    expect(await refusalOf(() => saveBaseline(join(folder, 'baseline'), suite))).toMatch(
      /^mine\/two: its parts build another network every time/,
    );
  });

  it('keeps large models outside git', async ({ folder }) => {
    const candidates = `{ name: 'large', network: 'mobilenet-v1' }, { name: 'small', block }`;
    const baseline = join(folder, 'baseline');
    const { entries } = await saveBaseline(
      baseline,
      writeProject(folder, 'project', { candidates, size: 32 }),
    );
    const [large, small] = entries.map(({ model }) => `${model?.sha256}.onnx`);
    const ignored = readFileSync(join(baseline, 'models', '.gitignore'), 'utf8').split('\n');
    expect(ignored).toContain(large);
    expect(ignored).not.toContain(small);
  });

  it('never takes the place of something else', async ({ folder }) => {
    writeFileSync(join(folder, 'thesis.tex'), 'mine');
    expect(await refusalOf(() => saveBaseline(folder, 'catalogue'))).toMatch(
      /contains something other than a baseline.*--out/,
    );
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  it('cannot be saved again where there is none, or where code alone does not tell all it holds', async ({
    folder,
  }) => {
    expect(await refusalOf(() => saveBaseline(join(folder, 'none')))).toMatch(
      /No baseline in .*none to update/,
    );
    const run = join(folder, 'run');
    writeRunDirectory(run, runFixture({ failures: false }));
    await saveBaseline(join(folder, 'of-run'), run);
    expect(await refusalOf(() => saveBaseline(join(folder, 'of-run')))).toMatch(
      /comes from a run.*Run the suite again/,
    );
  });
});

describe('a damaged baseline', () => {
  const damaged = async (folder: string, file: string, change: (text: string) => string) => {
    const baseline = join(folder, 'baseline');
    const { entries } = await saveBaseline(baseline, writeProject(folder, 'project'));
    const [first] = entries;
    const path = join(baseline, file.replace('MODEL', `${first?.model?.sha256}`));
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    const after = writeProject(folder, 'after', { kernel: 5 });
    return refusalOf(() => compareWithBaseline(baseline, after));
  };

  it.for([
    [
      'baseline.json',
      (text: string) => text.replace('"fingerprint": "', '"fingerprint": 7, "x": "'),
      /baseline\.json: .*entries\.0\.fingerprint: .*expected string/,
    ],
    ['baseline.json', (text: string) => text.slice(0, -30), /baseline\.json: not JSON/],
    [
      'baseline.json',
      (text: string) => text.replace('"schema": 1', '"schema": 99'),
      /baseline\.json: it has schema version 99/,
    ],
    [
      'costs/mine-two.json',
      (text: string) => text.replace(/"params":128/, '"params":"128"'),
      /mine-two\.json: train\.\d+\.params: /,
    ],
    [
      'costs/mine-two.json',
      (text: string) => text.replace(/"params":128/, '"params":127'),
      /mine-two\.json: train: params of the operations add up to/,
    ],
    [
      'baseline.json',
      (text: string) => text.replace('"mine-two.json"', '"../../secret.json"'),
      /entries\.\d+\.costs: the name of a file in costs/,
    ],
    ['models/MODEL.onnx', (text: string) => `${text}x`, /\.onnx is damaged/],
  ] as const)('is named by file and field: %s', async ([file, change, message], { folder }) => {
    expect(await damaged(folder, file, change)).toMatch(message);
  });
});
