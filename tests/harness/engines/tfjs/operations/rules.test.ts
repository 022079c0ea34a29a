import { describe, expect, it } from 'vitest';
import { wasm } from '../../../../../harness/engines/tfjs/wasm.js';
import type { Graph } from '../../../../../harness/graph/graph.js';
import { elementCount } from '../../../../../harness/graph/shape.js';
import { OP_GRAPHS } from '../../../../support/op-graphs.js';
import { randomValues, randomWeights } from '../../../../support/random.js';
import { referenceOutput, relativeDifference } from '../../../../support/reference.js';

const BATCH = 3;
const TOLERANCE = 1e-5;

const graphs = Object.entries(OP_GRAPHS).flatMap(([kind, examples]) =>
  Object.entries(examples).map(([name, graph]): [string, string, Graph] => [kind, name, graph]),
);

describe('the TF.js form of an operation', () => {
  it.each(graphs)('%s, %s, computes what the float64 reference computes', async (_kind, _name, graph) => {
    const weights = randomWeights(graph, 1);
    const images = randomValues(BATCH * elementCount(graph.input.shape), 2, 8);
    const predictor = await wasm.createPredictor(graph, weights, { batch: BATCH, threads: 1 });
    const expected = referenceOutput(graph, weights, images, { batch: BATCH, mode: 'inference' });
    for (let run = 0; run < 2; run += 1)
      expect(relativeDifference(await predictor.run(images), expected)).toBeLessThan(TOLERANCE);
    await predictor.dispose();
  });
});
