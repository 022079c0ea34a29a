import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { loadSuite } from '../../../../../harness/run/plan/suite/load-suite.js';
import { SUITES } from '../../../../../suites/registry.js';
import { it } from '../../../../support/folder.js';
import { makeNamedPipe } from '../../../../support/named-pipe.js';
import { refusalOf } from '../../../../support/refusal.js';
import { suiteSpec } from '../../../../support/suite.js';

const SUITE = `import { defineSuite } from 'lightbench';
const suite: object = defineSuite(${JSON.stringify(suiteSpec())});
export default suite;
`;

/** What is wrong, the file, and what the refusal must say. */
const REFUSED: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['throws', "throw new Error('no luck.');", /cannot be loaded: no luck \(line 1\)\. Fix the file/],
  [
    'fails at run time, below what TypeScript leaves nothing of',
    'interface Sizes {\n  readonly width: number;\n}\n\nconst sizes = undefined as unknown as Sizes; export default sizes.width;\n',
    /cannot be loaded: Cannot read properties of undefined \(reading 'width'\) \(line 5\)\. Fix/,
  ],
  [
    'gives lightbench what it cannot use',
    "import { defineBlock } from 'lightbench';\n\nexport default defineBlock(undefined as never);\n",
    /cannot be loaded: .* \(line 3\)\. Fix/,
  ],
  [
    'makes its suite later, in vain',
    "const suite = async () => {\n  throw new Error('no luck');\n};\nexport default suite();",
    /cannot be loaded: no luck \(line 2\)\. Fix/,
  ],
  [
    'has no suite at a scale',
    "export default {\n  at: () => {\n    throw new Error('no luck');\n  },\n};",
    /cannot be read: no luck \(line 3\)\. Fix the file/,
  ],
  [
    'throws nothing at a scale',
    'export default { at: () => { throw null; } };',
    /cannot be read: null\. Fix/,
  ],
  [
    'has a field that cannot be read',
    'export default {\n  get title() {\n    return this.none.title;\n  },\n};',
    /cannot be read: .*reading 'title'\) \(line 3\)\. Fix/,
  ],
  [
    'throws what is no text',
    'throw Object.create(null);',
    /cannot be loaded: \[Object: null prototype\] \{\}\. Fix/,
  ],
  ['throws a text', "throw 'no luck';", /cannot be loaded: no luck\. Fix/],
  [
    'has a syntax error',
    'export default {\n  id x,\n};\n',
    /cannot be loaded: .*\(line 2, column \d+\)\. Fix/,
  ],
  [
    'imports what is not there',
    "import './none.js';\nexport default 1;",
    /cannot be loaded: Cannot find module '\.\/none\.js' \(line 1\)\. Fix/,
  ],
  ['has no default export', 'export const suite = 1;', /has no default export\. Put `export default`/],
  [
    'exports a text',
    "export default 'quick';",
    /is not a suite: the suite: .*expected object, received string/,
  ],
  [
    'claims about int8 without it',
    `export default ${JSON.stringify(suiteSpec({ claims: ['drop.int8(a) < drop.int8(b)'], candidates: [{ name: 'a' }, { name: 'b' }] }))};`,
    /tests nothing in int8, which the claim .* is about\. Add int8/,
  ],
  ['is malformed', 'export default { id: 7 };', /is not a suite: id: .*received number, got 7; title: /],
];

/** What another file does that the suite imports, and what the refusal must say of its place. */
const IMPORTED: readonly (readonly [what: string, text: string, place: string])[] = [
  ['has a syntax error', 'export default {;\n', 'line 1, column 16'],
  ['throws', 'export const width = 3;\n\nthrow new TypeError("No luck.");\n', 'line 3'],
];

describe('a suite', () => {
  it('that is built in is found by its id', async () => {
    for (const { id, question } of SUITES) {
      const { source, suite } = await loadSuite(id);
      expect(suite).toMatchObject({ id, question });
      expect(await loadSuite(source)).toMatchObject({ source, suite });
    }
  });

  it.for(SUITES.filter((suite) => 'at' in suite))(
    '$id: has every scale, small by default',
    async ({ id }) => {
      const [small, large] = [await loadSuite(`${id}@small`), await loadSuite(`${id}@imagenet`)];
      expect(small).toMatchObject({ source: `${id}@small`, imagenet: large.suite });
      expect(large).toMatchObject({ source: `${id}@imagenet`, imagenet: large.suite });
      expect(small.suite.data.size).toBeLessThan(large.suite.data.size);
      expect((await loadSuite(id)).source).toBe(`${id}@small`);
      expect(await refusalOf(() => loadSuite(`${id}@large`))).toBe(
        'Unknown scale "large". Known scales: small, imagenet.',
      );
    },
  );

  it('is read from files alone', async ({ folder }) => {
    expect(await refusalOf(() => loadSuite(folder))).toMatch(/is a folder, not a file\. Name a file/);
    if (process.platform === 'win32') return;
    const pipe = join(folder, 'pipe.ts');
    await makeNamedPipe(pipe);
    expect(await refusalOf(() => loadSuite(pipe))).toMatch(/pipe\.ts is a named pipe, not a file/);
    expect(await refusalOf(() => loadSuite('/dev/zero'))).toMatch(/zero is a device, not a file/);
  });

  it('without scales is refused with one', async ({ folder }) => {
    expect((await loadSuite('quick')).imagenet).toBeNull();
    const file = join(folder, 'my-suite.ts');
    writeFileSync(file, SUITE);
    for (const name of ['quick', file]) {
      expect(await refusalOf(() => loadSuite(`${name}@small`))).toBe(
        `The suite ${name} has no scales. Omit @small.`,
      );
    }
  });

  it('with a claim that is malformed or names no candidate is refused by that claim', async ({ folder }) => {
    const refusal = (claim: string) => {
      const file = join(folder, `claiming-${claim.length}.ts`);
      writeFileSync(file, `export default ${JSON.stringify(suiteSpec({ claims: [claim] }))};`);
      return refusalOf(() => loadSuite(file));
    };
    expect(await refusal('accuracy(inverted) > accuracy(resnet)')).toBe(
      'The claim "accuracy(inverted) > accuracy(resnet)" names resnet, which is no candidate. The candidates are inverted, sandglass.',
    );
    expect(await refusal('inverted is better')).toMatch(
      /^The claim "inverted is better" cannot be read\. Write for/,
    );
    expect(await refusal('beauty(inverted) > beauty(sandglass)')).toMatch(/names the unknown metric beauty/);
  });

  it("of one's own may have scales too", async ({ folder }) => {
    const file = join(folder, 'scaled.ts');
    const at = `(scale) => ({ ...${JSON.stringify(suiteSpec())}, data: { dataset: scale, size: 12 } })`;
    writeFileSync(file, `export default { id: 'scaled', question: 'Q', at: ${at} };`);
    const { suite, source, imagenet } = await loadSuite(file);
    expect(source).toBe(`${file}@small`);
    expect([suite, imagenet]).toMatchObject([
      { data: { dataset: 'small' } },
      { data: { dataset: 'imagenet' } },
    ]);
    expect((await loadSuite(`${file}@imagenet`)).suite).toEqual(imagenet);
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
      `Unknown suite "none", and no file has that name. Built-in suites: ${SUITES.map(({ id }) => id).join(', ')}. ` +
        'For a suite of your own, name its file: my-suite.yaml or my-suite.ts.',
    );
  });

  it.for(REFUSED)('whose file %s is refused', async ([, text, message], { folder }) => {
    const file = join(folder, 'suite.ts');
    writeFileSync(file, text);
    const refusal = await refusalOf(() => loadSuite(file));
    expect(refusal).toMatch(message);
    expect(refusal.startsWith(file)).toBe(true);
  });

  it.for(IMPORTED)('that imports a file which %s names that file and the place', async (row, { folder }) => {
    const [, text, place] = row;
    const [file, imported] = [join(folder, 'suite.ts'), join(folder, 'block.ts')];
    writeFileSync(file, "import block from './block.ts';\nexport default block;\n");
    writeFileSync(imported, text);
    const refusal = await refusalOf(() => loadSuite(file));
    expect(refusal.startsWith(`${file} cannot be loaded: `)).toBe(true);
    expect(refusal).toContain(` (${imported}, ${place}). Fix`);
  });
});
