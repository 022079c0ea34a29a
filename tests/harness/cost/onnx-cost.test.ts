import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { listDefinitions } from '../../../blocks/lookup.js';
import { cost } from '../../../harness/cost/cost.js';
import { onnxCost } from '../../../harness/cost/onnx-cost.js';
import { exportOnnx } from '../../../harness/engines/onnx/export.js';
import { OnnxModel } from '../../../harness/engines/onnx/model.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { anyGraph } from '../../support/any-graph.js';
import { CATALOGUE } from '../../support/catalogue.js';
import { OP_GRAPHS } from '../../support/op-graphs.js';
import { randomWeights, zeroWeights } from '../../support/random.js';

const graphs = Object.entries(OP_GRAPHS).flatMap(([kind, examples]) =>
  Object.entries(examples).map(([name, graph]): [string, string, Graph] => [kind, name, graph]),
);

const totals = ({ params, macs, flops }: ReturnType<typeof cost>) => ({ params, macs, flops });

describe('costs counted from the exported file', () => {
  it.each(graphs)('%s, %s: equal those counted from the graph', (_kind, _name, graph) => {
    const bytes = exportOnnx(graph, randomWeights(graph, 1), { batch: null, outputName: 'output' });
    expect(onnxCost(bytes)).toEqual(totals(cost(graph)));
  });

  it.each(CATALOGUE)('%s: equal those counted from the graph, in both forms', (_id, graph) => {
    const { graph: deployed } = deployForm(graph);
    for (const form of [graph, deployed]) {
      const bytes = exportOnnx(form, zeroWeights(form), { batch: null, outputName: 'output' });
      expect(onnxCost(bytes)).toEqual(totals(cost(form)));
    }
  });

  const parts = listDefinitions().filter(({ kind }) => kind !== 'network');

  it.each(parts.map((definition) => [definition.id, definition] as const))(
    '%s: equal those counted from the graph, in both forms, at any place and with any options',
    (_id, definition) => {
      fc.assert(
        fc.property(anyGraph(definition), (trained) => {
          for (const form of [trained, deployForm(trained).graph]) {
            const bytes = exportOnnx(form, zeroWeights(form), { batch: null, outputName: 'output' });
            expect(onnxCost(bytes)).toEqual(totals(cost(form)));
          }
        }),
        { numRuns: 10 },
      );
    },
  );

  it.each([
    ['mobilenet-v3-small(width=0.35)', [3, 97, 131]],
    ['shufflenet-v1(groups=8,width=0.5)', [3, 65, 160]],
    ['efficientnet-b0(width=0.5,depth=0.5)', [1, 75, 75]],
    ['falconnet(preset=small)', [1, 33, 47]],
    ['mobileone-s0', [3, 95, 33]],
    ['starnet-s1', [3, 61, 90]],
  ] as const)('%s on %o: equal those counted from the graph, in both forms', (network, input) => {
    const trained = buildNetwork(network, { input, classes: 7 });
    for (const form of [trained, deployForm(trained).graph]) {
      const bytes = exportOnnx(form, zeroWeights(form), { batch: null, outputName: 'output' });
      expect(onnxCost(bytes)).toEqual(totals(cost(form)));
    }
  });

  it('are of one image, whatever the batch of the file', () => {
    const { 'dense 3x3': graph } = OP_GRAPHS.conv2d;
    if (!graph) throw new Error('the example is gone');
    const bytes = exportOnnx(graph, randomWeights(graph, 1), { batch: 8, outputName: 'output' });
    expect(onnxCost(bytes)).toEqual(totals(cost(graph)));
  });

  it('are refused where an operator has no rule', () => {
    const model = new OnnxModel('test');
    model.node('Hardmax', [model.input('input', 'float32', [1, 3])], { name: 'output' });
    model.output('output', 'float32', [1, 3]);
    expect(() => onnxCost(model.serialize())).toThrow(/operator Hardmax of node output/);
  });
});
