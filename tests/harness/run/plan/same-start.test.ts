/** All candidates start from the weights of files, or none does. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { buildNetwork } from '../../../../blocks/build.js';
import type { Dataset } from '../../../../harness/data/dataset.js';
import { loadDataset } from '../../../../harness/data/registry.js';
import { exportOnnx } from '../../../../harness/engines/onnx/export.js';
import { findEngine, type ResolvedEngine } from '../../../../harness/engines/registry.js';
import { planSuite } from '../../../../harness/run/plan/plan.js';
import { loadSuite } from '../../../../harness/run/plan/suite/load-suite.js';
import { initialWeights } from '../../../../harness/train/initialise.js';
import type { SuiteSpec } from '../../../../suites/suite.js';
import { writeBlockFolder } from '../../../support/block-folder.js';
import { it } from '../../../support/folder.js';
import { refusalOf } from '../../../support/refusal.js';
import { suiteSpec } from '../../../support/suite.js';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await loadDataset('synthetic');
});

const ENGINE: ResolvedEngine = {
  engine: findEngine('onnxruntime'),
  version: '1.2.3',
  device: 'cpu',
  reason: 'asked for',
};

/** What a candidate may be made of that brings weights of its own: a block from PyTorch, a network from an ONNX file. */
const IMPORTED = { block: { block: './my-block' }, network: { network: './model.onnx' } } as const;

const BUILT_IN = [
  { name: 'built-in block', block: 'inverted-residual' },
  { name: 'built-in network', network: 'mobilenet-v1', set: { resolution: 'small' } },
];

/** Whether each candidate of a suite beside these files is planned to start from a file. */
const startsOf = async (folder: string, candidates: SuiteSpec['candidates']): Promise<readonly boolean[]> => {
  const { skeleton = {}, ...spec } = suiteSpec();
  const site = { input: [1, spec.data.size, spec.data.size], classes: 4 } as const;
  const block = join(folder, 'my-block');
  mkdirSync(block, { recursive: true });
  writeBlockFolder(block, 5, { set: skeleton, site });
  const network = buildNetwork({ id: 'lightnet', set: { ...skeleton, block: 'sandglass' } }, site);
  const model = exportOnnx(network, initialWeights(network, 3), { batch: null, outputName: 'logits' });
  writeFileSync(join(folder, 'model.onnx'), model);
  const file = join(folder, 'suite.json');
  writeFileSync(file, JSON.stringify({ ...spec, skeleton, candidates }));
  const plan = planSuite(await loadSuite(file), dataset, ENGINE);
  return plan.candidates.map(({ init }) => init !== undefined);
};

describe.each(Object.entries(IMPORTED))('a candidate with an imported %s', (_, imported) => {
  const mine = (init: 'seed' | 'file') => ({ name: `mine from ${init}`, ...imported, set: { init } });
  const others = [
    ...BUILT_IN,
    ...Object.entries(IMPORTED).map(([kind, part]) => ({ name: `another ${kind}`, ...part })),
  ];

  it.for(others)(
    'does not start from its file beside one that starts from the seed: $name',
    async (other, { folder }) => {
      for (const candidates of [
        [mine('file'), other],
        [other, mine('file')],
      ])
        expect(await refusalOf(() => startsOf(folder, candidates))).toBe(
          `mine from file starts from the weights of a file and ${other.name} from random ones: that compares weights, not networks. ` +
            'Give every candidate weights to start from, or none.',
        );
    },
  );

  it.for(others)('starts from the seed beside one that does: $name', async (other, { folder }) => {
    expect(await startsOf(folder, [mine('seed'), other])).toEqual([false, false]);
  });

  it.for(Object.values(IMPORTED))(
    'starts from its file beside one that does: %o',
    async (part, { folder }) => {
      const other = { name: 'also from a file', ...part, set: { init: 'file' } };
      expect(await startsOf(folder, [mine('file'), other])).toEqual([true, true]);
    },
  );
});
