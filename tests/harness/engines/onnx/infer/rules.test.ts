import { describe, expect, it } from 'vitest';
import { createOnnxPredictor } from '../../../../../harness/engines/onnx/session.js';
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

describe('the ONNX form of an operation', () => {
  it.each(graphs)('%s, %s, computes what the float64 reference computes', async (_kind, _name, graph) => {
    const weights = randomWeights(graph, 1);
    const images = randomValues(BATCH * elementCount(graph.input.shape), 2, 8);
    const predictor = await createOnnxPredictor(graph, weights, { batch: BATCH, threads: 1 }, 'cpu');
    const output = await predictor.run(images);
    const expected = referenceOutput(graph, weights, images, { batch: BATCH, mode: 'inference' });
    expect(relativeDifference(output, expected)).toBeLessThan(TOLERANCE);
    await predictor.dispose();
  });
});
