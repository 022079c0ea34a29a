/** The training form of every network that torchvision or timm has gives the same logits, given the same weights in execution order. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { REGISTRY } from '../../../blocks/registry.js';
import { exportOnnx } from '../../../harness/engines/onnx/export.js';
import { pythonIsMissing, runPython } from '../../support/python.js';
import { zeroWeights } from '../../support/random.js';
import { COUNTERPARTS, WITHOUT_COUNTERPART } from './counterparts.js';

/** Of the largest logit. Float32 sums in another order reach 1e-5 in the deepest networks. */
const TOLERANCE = 1e-4;

/** Logits of two random images differ by more, or the comparison would see little but biases. */
const LEAST_SPREAD = 0.05;

const SIZE = 64;

const MINUTES = 60_000;

type Outcome =
  | { readonly id: string; readonly difference: number; readonly spread: number }
  | { readonly id: string; readonly error: string };

const networks = Object.entries(COUNTERPARTS).map(([id, counterpart], i) => ({
  id,
  file: `${i}.onnx`,
  options: {},
  size: SIZE,
  ...counterpart,
}));

const compare = (): readonly Outcome[] => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-parity-'));
  try {
    const entries = networks.map(({ file, ...entry }) => {
      const model = join(folder, file);
      writeFileSync(model, unfilledModel(entry.id, entry.size));
      return { ...entry, model };
    });
    const program = readFileSync(new URL('../../torch/parity.py', import.meta.url), 'utf8');
    return JSON.parse(runPython(program, Buffer.from(JSON.stringify(entries))));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const unfilledModel = (network: string, size: number): Uint8Array => {
  const graph = buildNetwork(network, { input: [3, size, size], classes: 1000 });
  return exportOnnx(graph, zeroWeights(graph), { batch: null, outputName: 'logits' });
};

const missing = pythonIsMissing('onnx', 'onnxruntime', 'torch', 'torchvision', 'timm');

describe.skipIf(missing)(`the training form${missing ? ` (${missing})` : ''}`, () => {
  let outcomes: readonly Outcome[] = [];
  beforeAll(() => {
    outcomes = compare();
  }, 5 * MINUTES);

  it.each(networks)('of $id computes what $name of $loader computes', ({ id }) => {
    const outcome = outcomes.find((candidate) => candidate.id === id);
    expect(outcome).toEqual({ id, difference: expect.any(Number), spread: expect.any(Number) });
    if (!outcome || !('difference' in outcome)) return;
    expect(outcome.difference).toBeLessThan(TOLERANCE);
    expect(outcome.spread).toBeGreaterThan(LEAST_SPREAD);
  });
});

describe('every network', () => {
  it('has a counterpart, or there is a reason why not', () => {
    const compared = new Set(Object.keys(COUNTERPARTS).map((network) => network.split('(')[0]));
    const known = [...compared, ...Object.keys(WITHOUT_COUNTERPART)];
    expect(known.sort()).toEqual(REGISTRY.network.map(({ id }) => id).sort());
  });
});
