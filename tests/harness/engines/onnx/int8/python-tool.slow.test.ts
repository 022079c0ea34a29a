import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { buildSubject, chooseSubject } from '../../../../../blocks/subject.js';
import { exportInt8 } from '../../../../../harness/engines/onnx/int8/model.js';
import { int8SessionSettings } from '../../../../../harness/engines/onnx/int8/settings.js';
import { InferenceSession, Tensor } from '../../../../../harness/engines/onnx/native.js';
import type { Graph } from '../../../../../harness/graph/graph.js';
import type { Int8Form } from '../../../../../harness/quantise/quantise.js';
import { WEIGHT_SCALES } from '../../../../../results/training/int8.js';
import { checkedNodes, expectedIntegers, stepsApart } from '../../../../support/int8.js';
import { pythonIsMissing } from '../../../../support/python.js';
import { quantiseTwice, TOOL_MODULES } from '../../../../support/python-int8.js';

/** In torchvision under these names; their activations are among those that the tool quantises as we do. */
const NETWORKS = [
  'mobilenet-v2',
  'mobilenet-v3-small',
  'mobilenet-v3-large',
  'shufflenet-v2',
  'mnasnet-b1',
  'ghostnet',
];

/** What the tool's model computes, by our nodes. It calls a value that it quantises as the float model does. */
const integersOfTool = async (
  graph: Graph,
  { placements }: Int8Form,
  image: Float32Array,
  model: Uint8Array,
): Promise<ReadonlyMap<number, Uint8Array>> => {
  const { executionProviders, ...settings } = int8SessionSettings(1);
  const session = await InferenceSession.create(model, {
    ...settings,
    executionProviders: [...executionProviders],
  });
  const outputs = await session.run({ input: new Tensor('float32', image, [1, ...graph.input.shape]) });
  await session.release();
  const found = new Map<number, Uint8Array>();
  for (const { id, path, op, inputs } of graph.nodes) {
    const inner = id === graph.output.id ? 'output' : `${path}/${op.kind}`;
    const data = outputs[`${op.kind === 'input' ? 'input' : inner}_QuantizeLinear_Output`]?.data;
    if (!(data instanceof Uint8Array)) continue;
    found.set(id, data);
    // A clamp that costs nothing: the operation before writes what it would.
    if (placements[id]?.state === 'absorbed') for (const source of inputs) found.set(source, data);
  }
  return found;
};

/** What onnxruntime runs once it has fused a model, by kind. */
const operatorsOf = async (model: Uint8Array, folder: string): Promise<readonly string[]> => {
  const optimizedModelFilePath = join(folder, 'optimised.onnx');
  const { executionProviders, ...settings } = int8SessionSettings(1);
  const session = await InferenceSession.create(model, {
    ...settings,
    executionProviders: [...executionProviders],
    optimizedModelFilePath,
  });
  await session.release();
  const { graph } = fromBinary(ModelProtoSchema, readFileSync(optimizedModelFilePath));
  return (graph?.node ?? []).map(({ opType }) => opType).toSorted();
};

const missing = pythonIsMissing(...TOOL_MODULES);

describe.skipIf(missing !== undefined)(
  `onnxruntime's own tool${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    it.each(NETWORKS.flatMap((id) => WEIGHT_SCALES.map((scales) => [id, scales] as const)))(
      'runs the same operators of %s as ours, and gives at every node what our integers give, within one step, %s',
      async (id, scales) => {
        const folder = mkdtempSync(join(tmpdir(), 'lightbench-int8-'));
        try {
          const trained = buildSubject(chooseSubject({ id }), [3, 64, 64], 100);
          const { graph, form, images, tool, observedTool } = await quantiseTwice(trained, folder, scales);
          const theirs = await integersOfTool(graph, form, images[0] ?? new Float32Array(), observedTool);
          const compared = checkedNodes(form).filter(({ id: node, inputs }) =>
            [node, ...inputs].every((one) => theirs.has(one)),
          );
          const apart = compared.flatMap((node) => {
            const steps = stepsApart(
              theirs.get(node.id) ?? new Uint8Array(),
              expectedIntegers(form, node, theirs),
            );
            return steps > 1 ? [`${node.path}: ${steps}`] : [];
          });
          expect(apart).toEqual([]);
          expect(await operatorsOf(exportInt8(form, { batch: 1, outputName: 'output' }), folder)).toEqual(
            await operatorsOf(tool, folder),
          );
          expect(compared.length).toBeGreaterThanOrEqual(form.kernels.size);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );
  },
);
