import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { loadSuite } from '../../../harness/run/load-suite.js';
import { SUITES } from '../../../suites/registry.js';
import { it } from '../../support/folder.js';
import { refusalOf } from '../../support/refusal.js';
import { suiteSpec } from '../../support/suite.js';

const SUITE = `import { defineSuite } from 'lightbench';
const suite: object = defineSuite(${JSON.stringify(suiteSpec())});
export default suite;
`;

/** What is wrong, the file, and what the refusal must say. */
const REFUSED: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['throws', "throw new Error('no luck.');", /cannot be loaded: no luck\. Correct the file/],
  ['throws a text', "throw 'no luck';", /cannot be loaded: no luck\. Correct/],
  [
    'has a syntax error',
    'export default {\n  id x,\n};\n',
    /cannot be loaded: .*\(line 2, column \d+\)\. Correct/,
  ],
  [
    'imports what is not there',
    "import './none.js';\nexport default 1;",
    /cannot be loaded: Cannot find module/,
  ],
  ['has no default export', 'export const suite = 1;', /has no default export\. Write `export default`/],
  [
    'exports a text',
    "export default 'quick';",
    /is not a suite: the suite: .*expected object, received string/,
  ],
  ['is malformed', 'export default { id: 7 };', /is not a suite: id: .*received number; title: /],
];

describe('a suite', () => {
  it('that is built in is found by its id', async () => {
    for (const { id, question } of SUITES) {
      expect(await loadSuite(id)).toMatchObject({ suite: { id, question } });
    }
  });

  it('of several scales is small unless another is named', async () => {
    const small = await loadSuite('paper/channel');
    const large = await loadSuite('paper/channel@imagenet');
    expect([small.source, large.source]).toEqual(['paper/channel@small', 'paper/channel@imagenet']);
    expect([small.suite.data.size, large.suite.data.size]).toEqual([32, 224]);
    expect(small.imagenet).toEqual(large.suite);
    await expect(loadSuite('paper/channel@huge')).rejects.toThrow(/no scale huge/);
    await expect(loadSuite('quick@small')).rejects.toThrow(/has no scales/);
  });

  it('in a file anywhere sees the library as lightbench, and is known by its absolute path', async ({
    folder,
  }) => {
    const file = join(folder, 'my-suite.ts');
    writeFileSync(file, SUITE);
    const { suite, source } = await loadSuite(file);
    expect(source).toBe(file);
    expect(suite).toMatchObject(suiteSpec());
  });

  it('in a file may use a part of its own', async ({ folder }) => {
    const file = join(folder, 'own.ts');
    const own = `import { defineSpatialOperator, defineSuite, z } from 'lightbench';
const blur = defineSpatialOperator({
  id: 'blur', summary: 'Average of a window.', paper: 'none', options: z.strictObject({}),
  build: (g, x, { stride }) => g.avgPool('pool', x, { kernel: 3, stride, padding: 1 }),
});
export default defineSuite({ ...${JSON.stringify(suiteSpec())},
  candidates: [{ name: 'blur', block: 'meta-light', set: { spatial: blur } }] });
`;
    writeFileSync(file, own);
    const { suite } = await loadSuite(file);
    expect(suite.candidates[0]?.set).toMatchObject({ spatial: { id: 'blur', kind: 'spatial' } });
  });

  it('may be JavaScript', async ({ folder }) => {
    for (const [name, start] of [
      ['a.mjs', 'export default'],
      ['b.cjs', 'module.exports ='],
    ] as const) {
      writeFileSync(join(folder, name), `${start} ${JSON.stringify(suiteSpec())};`);
      expect((await loadSuite(join(folder, name))).suite.id).toBe('test');
    }
  });

  it('that is unknown is refused with those that are built in', async () => {
    expect(await refusalOf(() => loadSuite('none'))).toBe(
      `There is no suite "none", and no file of that name. Built-in suites: ${SUITES.map(({ id }) => id).join(', ')}. ` +
        'A suite of your own is named by its file: my-suite.ts.',
    );
  });

  it('that is a folder is refused', async ({ folder }) => {
    mkdirSync(join(folder, 'suite'));
    expect(await refusalOf(() => loadSuite(join(folder, 'suite')))).toMatch(/suite cannot be loaded: /);
  });

  it.for(REFUSED)('whose file %s is refused', async ([, text, message], { folder }) => {
    const file = join(folder, 'suite.ts');
    writeFileSync(file, text);
    const refusal = await refusalOf(() => loadSuite(file));
    expect(refusal).toMatch(message);
    expect(refusal.startsWith(file)).toBe(true);
  });
});
