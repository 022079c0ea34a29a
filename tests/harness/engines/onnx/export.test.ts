import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../../../harness/engines/onnx/export.js';
import { InferenceSession, Tensor } from '../../../../harness/engines/onnx/native.js';
import { sessionSettings } from '../../../../harness/engines/onnx/predictor-model.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';
import { graphParameters } from '../../../../harness/graph/parameters.js';
import { OP_GRAPHS } from '../../../support/op-graphs.js';
import { pythonIsMissing, runPython } from '../../../support/python.js';
import { randomValues, randomWeights } from '../../../support/random.js';
import { referenceOutput, relativeDifference } from '../../../support/reference.js';

/** A network with every kind of lowering that makes constants of its own, a scale and several batch norms. */
const network = () => {
  const g = GraphBuilder.create();
  const x = g.input([3, 8, 8]);
  const stem = g.batchNorm('stem.bn', g.conv2d('stem.conv', x, { outChannels: 8, kernel: 3, stride: 2 }));
  const shuffled = g.permuteChannels('shuffle', g.activation('act', stem, 'gelu'), 2);
  const sum = g.add('sum', g.scale('scale', shuffled, true), g.batchNorm('identity.bn', stem));
  const pooled = g.globalAvgPool('pool', g.activation('clip', sum, 'relu6'));
  return g.finish(g.dense('classifier', g.flatten('flatten', pooled), 10));
};

const graph = network();
const weights = randomWeights(graph, 3);
const bytes = exportOnnx(graph, weights, { batch: null, outputName: 'logits' });
const { graph: file, opsetImport } = fromBinary(ModelProtoSchema, bytes);

describe('an exported file', () => {
  it('has one input and one output, named as promised', () => {
    expect(file?.input.map(({ name }) => name)).toEqual(['input']);
    expect(file?.output.map(({ name }) => name)).toEqual(['logits']);
  });

  it('begins its initializers with the parameters and statistics, by path, in execution order', () => {
    const parameters = graphParameters(graph);
    const initializers = file?.initializer.slice(0, parameters.length) ?? [];
    expect(initializers.map(({ name, dims }) => [name, dims.map(Number)])).toEqual(
      parameters.map(({ path, shape }) => [path, shape]),
    );
    for (const { name, rawData } of initializers) {
      expect(new Float32Array(rawData.slice().buffer)).toEqual(weights.get(name));
    }
  });

  it('uses standard operators only and names its nodes by path', () => {
    expect(opsetImport.map(({ domain }) => domain)).toEqual(['']);
    expect(file?.node.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['stem.conv/conv2d', 'stem.bn/batchNorm', 'shuffle/permuteChannels']),
    );
  });

  it.each([1, 5])('with an open batch takes %i images', async (batch) => {
    const session = await InferenceSession.create(bytes, sessionSettings(1, 'cpu'));
    const images = randomValues(batch * 3 * 8 * 8, 4);
    const { logits } = await session.run({ input: new Tensor('float32', images, [batch, 3, 8, 8]) });
    const expected = referenceOutput(graph, weights, images, { batch, mode: 'inference' });
    expect(relativeDifference(logits?.data as Float32Array, expected)).toBeLessThan(1e-5);
    await session.release();
  });

  it('is refused where a weight is missing or has another size', () => {
    const without = new Map([...weights].filter(([path]) => path !== 'stem.bn.bias'));
    const options = { batch: 1, outputName: 'logits' } as const;
    expect(() => exportOnnx(graph, without, options)).toThrow('stem.bn.bias takes 8 values and has none.');
    const short = new Map(weights).set('stem.bn.bias', new Float32Array(3));
    expect(() => exportOnnx(graph, short, options)).toThrow('stem.bn.bias takes 8 values and has 3.');
  });
});

const missing = pythonIsMissing('onnx');

describe.skipIf(missing)(`the ONNX checker${missing ? ` (${missing})` : ''}`, () => {
  const files = Object.entries(OP_GRAPHS).flatMap(([kind, examples]) =>
    Object.entries(examples).flatMap(([name, example]) =>
      [null, 2].map((batch) => ({
        title: `${kind}, ${name}, batch ${batch}`,
        bytes: exportOnnx(example, randomWeights(example, 1), { batch, outputName: 'output' }),
      })),
    ),
  );

  it('accepts the file of every operation and of a network, shapes included', () => {
    const models = [...files, { title: 'network', bytes }].map((model) => ({
      title: model.title,
      model: Buffer.from(model.bytes).toString('base64'),
    }));
    const complaints = runPython(CHECK, Buffer.from(JSON.stringify(models)));
    expect(JSON.parse(complaints)).toEqual([]);
  });

  it('would complain about a damaged file', () => {
    const damaged = [{ title: 'damaged', model: Buffer.from(bytes.slice(0, -40)).toString('base64') }];
    expect(JSON.parse(runPython(CHECK, Buffer.from(JSON.stringify(damaged))))).toHaveLength(1);
  });
});

const CHECK = `
import base64, json, sys
import onnx
complaints = []
for entry in json.load(sys.stdin):
    try:
        model = onnx.load_from_string(base64.b64decode(entry["model"]))
        onnx.checker.check_model(model, full_check=True)
    except Exception as error:
        complaints.append(entry["title"] + ": " + str(error))
print(json.dumps(complaints))
`;
