/** What lightbench writes as ONNX, it reads as the same network. */
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../../blocks/build.js';
import { cost } from '../../../../harness/cost/cost.js';
import { exportOnnx } from '../../../../harness/engines/onnx/export.js';
import type { OpKind } from '../../../../harness/graph/operations/ops.js';
import { isMap } from '../../../../harness/graph/shape.js';
import { importOnnx } from '../../../../harness/import/onnx/import-onnx.js';
import { deployForm } from '../../../../harness/rewrite/deploy.js';
import { OP_GRAPHS } from '../../../support/op-graphs.js';
import { randomValues, randomWeights, zeroWeights } from '../../../support/random.js';
import { referenceOutput, relativeDifference } from '../../../support/reference.js';

/** Operations that a file from elsewhere never has in the form in which lightbench writes them. */
const NOT_READ: Partial<Record<OpKind, string>> = {
  channelConv: 'written as a 3-D convolution',
};

const kinds = (Object.keys(OP_GRAPHS) as OpKind[]).filter((kind) => !(kind in NOT_READ));

describe.each(kinds)('%s', (kind) => {
  it.each(Object.entries(OP_GRAPHS[kind]))('%s: is read as it was', (_name, graph) => {
    const weights = randomWeights(graph, 1);
    const outputName = 'output';
    const bytes = exportOnnx(graph, weights, { batch: null, outputName });
    const read = importOnnx(bytes).build(graph.input.shape, isMap(graph.output.shape) ? 'map' : 'vector');
    expect(cost(read.graph)).toMatchObject({ params: cost(graph).params, macs: cost(graph).macs });
    const images = randomValues(2 * graph.input.shape.reduce((a, b) => a * b, 1), 2);
    const options = { batch: 2, mode: 'inference' } as const;
    const expected = referenceOutput(graph, weights, images, options);
    expect(
      relativeDifference(referenceOutput(read.graph, read.weights(), images, options), expected),
    ).toBeLessThan(1e-5);
  });
});

describe.each(['mobilenet-v2', 'mobilenet-v3-small', 'shufflenet-v2', 'efficientnet-b0', 'fasternet-t0'])(
  '%s',
  (id) => {
    const graph = buildNetwork(id, { input: [3, 64, 64], classes: 10 });
    it.each([
      ['train', graph],
      ['deploy', deployForm(graph).graph],
    ] as const)('costs the same in its %s form once it is read', (_form, written) => {
      const bytes = exportOnnx(written, zeroWeights(written), { batch: null, outputName: 'logits' });
      const { graph: read } = importOnnx(bytes).build([3, 64, 64], 'vector');
      const { perOp: _, ...expected } = cost(written);
      expect(cost(read)).toMatchObject(expected);
    });
  },
);
