/** Suites that start from files of weights. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { stringify } from 'yaml';
import { buildNetwork } from '../../../blocks/build.js';
import { buildCandidate } from '../../../harness/run/plan/candidate.js';
import { loadSuite } from '../../../harness/run/plan/suite/load-suite.js';
import { planRun } from '../../../harness/run/run.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { foreignWeightsFile, readWeights, weightsFile } from '../../../harness/weights/files.js';
import { it } from '../../support/folder.js';
import { randomWeights } from '../../support/random.js';
import { refusalOf } from '../../support/refusal.js';
import { suiteSpec } from '../../support/suite.js';

const NETWORK = 'shufflenet-v2(width=0.5,resolution=small,headWidth=32)';

const site = (classes: number) => ({ input: [1, 32, 32], classes }) as const;

/** A suite of one network in a folder, which starts from its file of weights. */
const written = (
  folder: string,
  bytes: Uint8Array,
  candidates: readonly object[] = [{ name: 'shuffle', network: NETWORK, init: 'w.safetensors' }],
): string => {
  writeFileSync(join(folder, 'w.safetensors'), bytes);
  const file = join(folder, 'suite.yaml');
  writeFileSync(
    file,
    stringify({ ...suiteSpec(), data: { dataset: 'synthetic', size: 32, fit: 'pad' }, seeds: 1, candidates }),
  );
  return file;
};

describe('a suite that starts from a file of weights', () => {
  it('trains from its values, whoever named them, and its keys are others', async ({ folder }) => {
    const graph = buildNetwork(NETWORK, site(4));
    const weights = randomWeights(graph, 3);
    const files = [
      weightsFile(graph, weights, {}),
      foreignWeightsFile({ network: 'shufflenet-v2', graph }, weights, 'torchvision', {}),
    ];
    for (const bytes of files) {
      const { suite } = await loadSuite(written(folder, bytes));
      const [candidate] = suite.candidates;
      if (candidate === undefined) throw new Error('There is no candidate.');
      const start = initialWeights(buildCandidate(suite, candidate, site(4)), 0);
      expect(start).toEqual(new Map(weights));
    }
    const plan = await planRun(join(folder, 'suite.yaml'));
    const plain = await planRun(written(folder, new Uint8Array(), [{ name: 'shuffle', network: NETWORK }]));
    expect(plan.candidates[0]?.init).toMatch(/^[0-9a-f]{16}$/);
    expect(plan.trials[0]?.key).not.toBe(plain.trials[0]?.key);
    expect(plan.candidates[0]?.costs).toEqual(plain.candidates[0]?.costs);
  });

  it('leaves a classifier of other classes to chance, and nothing else', async ({ folder }) => {
    const other = buildNetwork(NETWORK, site(7));
    const file = join(folder, 'seven.safetensors');
    writeFileSync(file, weightsFile(other, randomWeights(other, 1), {}));
    const graph = buildNetwork(NETWORK, site(4));
    const { left, weights } = await readWeights(file, { network: 'shufflenet-v2', graph });
    expect(left).toEqual(['head.classifier.weight', 'head.classifier.bias']);
    expect(weights.has(left[0] ?? '')).toBe(false);
  });

  it.for([Number.NaN, Number.NEGATIVE_INFINITY])(
    'is refused where the file holds %d',
    async (value, { folder }) => {
      const graph = buildNetwork(NETWORK, site(4));
      const weights = new Map(randomWeights(graph, 1));
      weights.set('stem.conv.weight', (weights.get('stem.conv.weight') ?? Float32Array.of()).with(7, value));
      expect(await refusalOf(() => planRun(written(folder, weightsFile(graph, weights, {}))))).toMatch(
        new RegExp(`shuffle: .*w\\.safetensors gives stem\\.conv\\.weight the value ${value}\\.`),
      );
    },
  );

  it('is refused where the file is of another network, is gone, or only some have one', async ({
    folder,
  }) => {
    const graph = buildNetwork('mobilenet-v2(width=0.25)', site(4));
    const bytes = weightsFile(graph, randomWeights(graph, 1), {});
    expect(await refusalOf(() => planRun(written(folder, bytes)))).toMatch(
      /shuffle: .*w\.safetensors does not fit shufflenet-v2: /,
    );
    const gone = [{ name: 'shuffle', network: NETWORK, init: 'none.safetensors' }];
    expect(await refusalOf(() => planRun(written(folder, bytes, gone)))).toContain(
      'none.safetensors cannot be read',
    );
    const some = [
      { name: 'a', network: NETWORK, init: 'w.safetensors' },
      { name: 'b', network: NETWORK },
    ];
    expect(await refusalOf(() => planRun(written(folder, bytes, some)))).toContain(
      'compares weights, not networks',
    );
  });
});
