import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { buildNetwork } from '../../../../../blocks/build.js';
import { asChoice, printChoice } from '../../../../../blocks/choice.js';
import { exportOnnx } from '../../../../../harness/engines/onnx/export.js';
import { fingerprint } from '../../../../../harness/graph/print.js';
import { buildCandidate } from '../../../../../harness/run/plan/candidate.js';
import { loadPart } from '../../../../../harness/run/plan/suite/load-part.js';
import { loadSuite } from '../../../../../harness/run/plan/suite/load-suite.js';
import { isPartFile, partsFrom } from '../../../../../harness/run/plan/suite/part-files.js';
import { initialWeights } from '../../../../../harness/train/initialise.js';
import { it } from '../../../../support/folder.js';
import { refusalOf } from '../../../../support/refusal.js';
import { suiteSpec } from '../../../../support/suite.js';

const SITE = { input: [1, 16, 16], classes: 10 } as const;

const graph = buildNetwork('lightnet(preset=small,block=sandglass)', SITE);

const model = (seed: number, classes = 10): Uint8Array => {
  const network = classes === 10 ? graph : buildNetwork('lightnet(preset=small)', { ...SITE, classes });
  return exportOnnx(network, initialWeights(network, seed), { batch: null, outputName: 'logits' });
};

/** A suite in a file beside its model, which it names relative to itself. */
const suiteWith = (folder: string, set: object): string => {
  writeFileSync(join(folder, 'model.onnx'), model(3));
  const spec = suiteSpec({ candidates: [{ name: 'file', network: './model.onnx', ...set }] });
  const file = join(folder, 'suite.ts');
  writeFileSync(file, `export default ${JSON.stringify(spec)};`);
  return file;
};

describe('a network from an ONNX file', () => {
  it('is a candidate of a suite, built as it was written', async ({ folder }) => {
    const { suite } = await loadSuite(suiteWith(folder, {}));
    const [candidate] = suite.candidates;
    if (!candidate) throw new Error('The suite has no candidate.');
    const built = buildCandidate(suite, candidate, SITE);
    const ops = (nodes: typeof built.nodes) => nodes.map(({ op }) => op);
    expect(ops(built.nodes)).toEqual(ops(graph.nodes));
    expect(built.initial).toBeUndefined();
  });

  it('starts from the weights of the file where the suite says so, and is then another trial', async ({
    folder,
  }) => {
    const { suite } = await loadSuite(suiteWith(folder, { set: { init: 'file' } }));
    const [candidate] = suite.candidates;
    if (!candidate) throw new Error('The suite has no candidate.');
    const built = buildCandidate(suite, candidate, SITE);
    const written = [...initialWeights(graph, 3).values()];
    expect([...initialWeights(built, 0).values()]).toEqual(written);
    const { initial: _, ...same } = built;
    expect(fingerprint(built)).not.toBe(fingerprint(same));
  });

  it('has another fingerprint where it starts from other weights, and the same where it starts from the seed', async ({
    folder,
  }) => {
    const prints = async (seed: number, init: string) => {
      const file = join(folder, 'model.onnx');
      writeFileSync(file, model(seed));
      return fingerprint(buildNetwork({ id: await loadPart(file), set: { init } }, SITE));
    };
    expect(await prints(1, 'seed')).toBe(await prints(2, 'seed'));
    expect(await prints(1, 'file')).not.toBe(await prints(2, 'file'));
  });

  it('is named by its file, and knows the site that it was exported for', async ({ folder }) => {
    const file = join(folder, 'My Net_2.onnx');
    writeFileSync(file, model(0));
    const part = await loadPart(file);
    expect(part).toMatchObject({ kind: 'network', id: 'my-net-2-onnx', exportedFor: SITE });
    expect(printChoice({ id: part, set: { init: 'file' } })).toBe('my-net-2-onnx(init=file)');
  });

  it('is refused where it has other classes than the data, unless its classifier is fitted', async ({
    folder,
  }) => {
    const file = join(folder, 'model.onnx');
    writeFileSync(file, model(0, 7));
    const part = await loadPart(file);
    expect(await refusalOf(() => buildNetwork({ id: part }, SITE))).toMatch(
      /gives 7 outputs, and there are 10 classes/,
    );
    const fitted = buildNetwork({ id: part, set: { classifier: 'fitted', init: 'file' } }, SITE);
    expect(fitted.output.shape).toEqual([10]);
    const start = initialWeights(fitted, 0);
    const theirs = initialWeights(
      buildNetwork({ id: part, set: { init: 'file' } }, { ...SITE, classes: 7 }),
      0,
    );
    expect(start.get('stem.entry.conv.weight')).toEqual(theirs.get('stem.entry.conv.weight'));
    expect(start.get('head.classifier.weight')).not.toEqual(theirs.get('head.classifier.weight'));
  });

  it('is refused with its name where it is missing or damaged', async ({ folder }) => {
    expect(await refusalOf(() => loadPart(join(folder, 'none.onnx')))).toMatch(/none\.onnx cannot be read/);
    const file = join(folder, 'half.onnx');
    writeFileSync(file, model(0).subarray(0, 1000));
    expect(await refusalOf(() => loadPart(file))).toMatch(/^half\.onnx: it is not an ONNX model/);
    expect(await refusalOf(() => loadPart(folder))).toMatch(/is a folder without block\.json/);
  });
});

const OPERATOR = `import { defineSpatialOperator, z } from 'lightbench';
export default defineSpatialOperator({
  id: 'blur', summary: 'Average of a window.', paper: 'none',
  options: z.strictObject({ size: z.int().min(1).default(3).describe('Side of the window.') }),
  build: (g, x, { stride }, { size }) => g.avgPool('pool', x, { kernel: size, stride, padding: (size - 1) / 2 }),
});
`;

describe("a file of one's own part", () => {
  it.for([
    ['./blur.ts', 'blur'],
    ['blur.ts', 'blur'],
    ['./blur.ts(size=5)', 'blur(size=5)'],
    ['blur.ts(size=5)', 'blur(size=5)'],
    ['meta-light(spatial=./blur.ts)', 'meta-light(spatial=blur)'],
    ['meta-light(spatial=blur.ts(size=5),expansion=2)', 'meta-light(expansion=2,spatial=blur(size=5))'],
    ['./blur (2).ts', 'blur'],
  ])('stands in %s', async ([text = '', printed], { folder }) => {
    writeFileSync(join(folder, 'blur.ts'), OPERATOR);
    writeFileSync(join(folder, 'blur (2).ts'), OPERATOR);
    const { chosen } = partsFrom(folder);
    expect(printChoice(asChoice(await chosen(text)))).toBe(printed);
  });

  it('stands in the settings of a candidate', async ({ folder }) => {
    writeFileSync(join(folder, 'blur.ts'), OPERATOR);
    const candidates = [
      { name: 'text', block: 'meta-light(spatial=./blur.ts(size=5))' },
      { name: 'set', block: 'meta-light', set: { spatial: './blur.ts(size=5)' } },
      { name: 'object', block: { id: 'meta-light', set: { spatial: { id: 'blur.ts', set: { size: 5 } } } } },
    ];
    const file = join(folder, 'suite.json');
    writeFileSync(file, JSON.stringify(suiteSpec({ candidates })));
    const { suite } = await loadSuite(file);
    const prints = suite.candidates.map((one) => fingerprint(buildCandidate(suite, one, SITE)));
    expect(prints).toHaveLength(3);
    expect(new Set(prints).size).toBe(1);
  });

  it('is refused with its path where it is not there', async ({ folder }) => {
    const { settings } = partsFrom(folder);
    expect(await refusalOf(() => settings({ spatial: './none.ts' }))).toMatch(
      new RegExp(`^${join(folder, 'none.ts')} cannot be read`),
    );
  });
});

describe('a text', () => {
  it.for(['./block', '../a/b', '/a', 'a.onnx', 'b/c.ts', '.\\block'])('%s names a file', (text) => {
    expect(isPartFile(text)).toBe(true);
  });

  it.for(['mobilenet-v2', 'meta-light(spatial=repso(branches=2))', 'lightnet(width=0.5)'])(
    '%s names a part',
    (text) => {
      expect(isPartFile(text)).toBe(false);
    },
  );
});
