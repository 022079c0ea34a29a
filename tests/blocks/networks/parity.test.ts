/**
 * The training form of every network that torchvision or timm has gives the same logits, given the same weights in execution order, and
 * costs the same, at other widths too.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { REGISTRY } from '../../../blocks/registry.js';
import { cost } from '../../../harness/cost/cost.js';
import { exportOnnx } from '../../../harness/engines/onnx/export.js';
import { pythonIsMissing, runPython } from '../../support/python.js';
import { zeroWeights } from '../../support/random.js';
import { COUNTERPARTS, type Counterpart, SIZES, WITHOUT_COUNTERPART } from './counterparts.js';

/** Of the largest logit. Float32 sums in another order reach 1e-5 in the deepest networks. */
const TOLERANCE = 1e-4;

/** Logits of two random images differ by more, or the comparison would see little but biases. */
const LEAST_SPREAD = 0.05;

const SIZE = 64;

const MINUTES = 60_000;

/** Sides of the images that costs are compared at. */
const SIDES = [75, 128];

interface Costs {
  readonly id: string;
  readonly params: number;
  readonly macs: readonly number[];
}

type Outcome =
  | Costs
  | (Costs & { readonly difference: number; readonly spread: number })
  | { readonly id: string; readonly error: string };

const entriesOf = (counterparts: Readonly<Record<string, Counterpart>>) =>
  Object.entries(counterparts).map(([id, counterpart]) => ({
    id,
    options: {},
    size: SIZE,
    sizes: SIDES,
    ...counterpart,
  }));

const networks = entriesOf(COUNTERPARTS);

const sizes = entriesOf(SIZES);

const compare = (): readonly Outcome[] => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-parity-'));
  try {
    const compared = networks.map((entry, i) => {
      const model = join(folder, `${i}.onnx`);
      writeFileSync(model, unfilledModel(entry.id, entry.size));
      return { ...entry, model };
    });
    const entries = [...compared, ...sizes.map((entry) => ({ ...entry, model: null }))];
    const program = readFileSync(new URL('../../torch/parity.py', import.meta.url), 'utf8');
    return JSON.parse(runPython(program, Buffer.from(JSON.stringify(entries))));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const costsOf = (network: string): Costs => {
  const costs = SIDES.map((side) => cost(buildNetwork(network, { input: [3, side, side], classes: 1000 })));
  return { id: network, params: costs[0]?.params ?? 0, macs: costs.map(({ macs }) => macs) };
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
    expect(outcome).toMatchObject({ difference: expect.any(Number), spread: expect.any(Number) });
    if (!outcome || !('difference' in outcome)) return;
    expect(outcome.difference).toBeLessThan(TOLERANCE);
    expect(outcome.spread).toBeGreaterThan(LEAST_SPREAD);
  });

  it.each([...networks, ...sizes])('of $id costs what $name of $loader costs', ({ id }) => {
    expect(outcomes.find((candidate) => candidate.id === id)).toMatchObject(costsOf(id));
  });
});

describe('every network', () => {
  it('has a counterpart, or there is a reason why not', () => {
    const compared = new Set(Object.keys(COUNTERPARTS).map((network) => network.split('(')[0]));
    const known = [...compared, ...Object.keys(WITHOUT_COUNTERPART)];
    expect(known.sort()).toEqual(REGISTRY.network.map(({ id }) => id).sort());
  });
});
