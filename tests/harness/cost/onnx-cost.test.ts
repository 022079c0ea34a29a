import { describe, expect, it } from 'vitest';
import { cost } from '../../../harness/cost/cost.js';
import { onnxCost } from '../../../harness/cost/onnx-cost.js';
import { exportOnnx } from '../../../harness/engines/onnx/export.js';
import { OnnxModel } from '../../../harness/engines/onnx/model.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
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

  it('are of one image, whatever the batch of the file', () => {
    const { 'dense 3x3': graph } = OP_GRAPHS.conv2d;
    if (!graph) throw new Error('the example is gone');
    const bytes = exportOnnx(graph, randomWeights(graph, 1), { batch: 8, outputName: 'output' });
    expect(onnxCost(bytes)).toEqual(totals(cost(graph)));
  });

  it('are refused where an operator has no rule', () => {
    const model = new OnnxModel('test');
    model.node('Softmax', [model.input('input', 'float32', [1, 3])], { name: 'output' });
    model.output('output', 'float32', [1, 3]);
    expect(() => onnxCost(model.serialize())).toThrow(/operator Softmax of node output/);
  });
});
