import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAMS } from '../../../../harness/engines/pytorch/process.js';
import type { Graph } from '../../../../harness/graph/graph.js';
import { ACTIVATIONS } from '../../../../harness/graph/operations/ops.js';
import { elementCount } from '../../../../harness/graph/shape.js';
import { OP_GRAPHS } from '../../../support/op-graphs.js';
import { randomValues, randomWeights } from '../../../support/random.js';
import { referenceOutput, relativeDifference } from '../../../support/reference.js';
import { torchEngineIsMissing, torchOnCpu } from '../../../support/torch-engine.js';

const BATCH = 3;
const TOLERANCE = 1e-5;

const graphs = Object.entries(OP_GRAPHS).flatMap(([kind, examples]) =>
  Object.entries(examples).map(([name, graph]): [string, string, Graph] => [kind, name, graph]),
);

/** The keys of a table of the Python program, which begins with its name and ends with a brace of its own. */
const keysOf = (table: string): readonly string[] => {
  const [, body = ''] =
    readFileSync(`${PROGRAMS}/operations.py`, 'utf8').match(new RegExp(`^${table} = {$(.*?)^}$`, 'ms')) ?? [];
  return [...body.matchAll(/^ {4}"([\w-]+)":/gm)].map(([, key = '']) => key);
};

describe('the Python program', () => {
  it('has a rule for every operation but the input, which is the images, and for no other', () => {
    const kinds = Object.keys(OP_GRAPHS).filter((kind) => kind !== 'input');
    expect(keysOf('RULES').toSorted()).toEqual(kinds.toSorted());
  });

  it('has every activation, and no other', () => {
    expect(keysOf('ACTIVATIONS').toSorted()).toEqual([...ACTIVATIONS].toSorted());
  });
});

const missing = torchEngineIsMissing;

describe(`the PyTorch form of an operation${missing ? ` (${missing})` : ''}`, () => {
  it.skipIf(missing).each(graphs)(
    '%s, %s, computes what the float64 reference computes',
    async (_kind, _name, graph) => {
      const weights = randomWeights(graph, 1);
      const images = randomValues(BATCH * elementCount(graph.input.shape), 2, 8);
      const predictor = await torchOnCpu.createPredictor(graph, weights, { batch: BATCH, threads: 1 });
      const expected = referenceOutput(graph, weights, images, { batch: BATCH, mode: 'inference' });
      expect(relativeDifference(await predictor.run(images), expected)).toBeLessThan(TOLERANCE);
      await predictor.dispose();
    },
  );
});
