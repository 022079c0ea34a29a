/**
 * An int8 form as an ONNX model of pairs of QuantizeLinear and DequantizeLinear, which onnxruntime runs with its integer kernels
 * (QLinearConv, QGemm, QLinearAdd and their like). The model alone says what is computed: without graph optimisation, the same in float32.
 */

import { consumersOf, inputShapes, nodeAt } from '../../../graph/graph.js';
import { parametersOf } from '../../../graph/parameters.js';
import type { Shape } from '../../../graph/shape.js';
import type { Affine } from '../../../quantise/affine.js';
import type { Int8Form } from '../../../quantise/quantise.js';
import type { ExportOptions } from '../export.js';
import { type InferenceSite, lowerForInference } from '../infer/rules.js';
import { OnnxModel, type Tensor } from '../model.js';

/**
 * The form as a serialized ONNX model, opset 18, with the names of the float model. Kernels are int8 initializers and biases int32, by
 * parameter path, in execution order; scales stand beside them as `<path>.scale`. Observed nodes give their integers.
 */
export const exportInt8 = (
  form: Int8Form,
  { batch, outputName, metadata = {}, observed = [] }: ExportOptions,
): Uint8Array => {
  const { graph, placements, values } = form;
  const model = new OnnxModel('lightbench');
  const input = model.input('input', 'float32', [batch, ...graph.input.shape]);
  /** As the next operations read it. */
  const tensors: Tensor[] = [];
  const last = lastComputed(form);
  const consumers = consumersOf(graph);
  for (const node of graph.nodes) {
    const sources = node.op.kind === 'input' ? [input] : node.inputs.map((id) => tensors[id] ?? '');
    if (placements[node.id]?.state === 'absorbed') {
      tensors.push(sources[0] ?? '');
      continue;
    }
    const affine = values[node.id] ?? null;
    const isLast = node.id === last;
    const name = isLast && affine === null ? outputName : `${node.path}/${node.op.kind}`;
    const readers = (consumers[node.id] ?? []).map((id) => nodeAt(graph, id).op.kind);
    const computed = lower(model, form, { node, inputs: sources, readers, name });
    tensors.push(
      affine === null ? computed : pair(model, computed, affine, node.path, isLast ? outputName : undefined),
    );
  }
  if (graph.output.id === graph.input.id) model.node('Identity', [input], { name: outputName });
  model.output(outputName, 'float32', [batch, ...graph.output.shape]);
  for (const id of observed) {
    const { path, shape } = nodeAt(graph, id);
    model.output(quantisedName(path), 'uint8', [batch, ...shape]);
  }
  return model.serialize(metadata);
};

/** The node that gives the output: an absorbed clamp is the one before. */
const lastComputed = ({ graph, placements }: Int8Form): number => {
  const { id } = graph.output;
  return placements[id]?.state === 'absorbed' ? (graph.nodes[id]?.inputs[0] ?? id) : id;
};

const lower = (
  model: OnnxModel,
  form: Int8Form,
  { node, inputs, readers, name }: Pick<InferenceSite, 'node' | 'inputs' | 'readers' | 'name'>,
): Tensor => {
  const { graph, floatWeights } = form;
  const shapes = inputShapes(graph, node);
  const kernel = form.kernels.get(node.path);
  const parameters = parametersOf(graph, node);
  if (node.op.kind === 'activation' && node.op.function === 'silu')
    return silu(model, inputs, node.path, name);
  if (kernel === undefined) {
    for (const { path, shape } of parameters) {
      model.initializer(path, floatWeights.get(path) ?? new Float32Array(), shape);
    }
    return lowerForInference(model, { node, inputs, shapes, parameters, readers, name });
  }
  const source = form.values[node.inputs[0] ?? -1];
  const biasScales = kernel.scales.map((scale) => scale * (source?.scale ?? Number.NaN));
  const dequantised = parameters.map((parameter, i) => {
    const isKernel = i === 0;
    const shape = isKernel && node.op.kind === 'scale' ? [...parameter.shape, 1, 1, 1] : parameter.shape;
    const integers = isKernel ? kernel.integers : (kernel.bias ?? new Int32Array());
    const tensor = model.integerInitializer(parameter.path, integers, shape);
    const scales = isKernel ? kernel.scales : biasScales;
    return { ...parameter, path: readBack(model, tensor, integers, scales) };
  });
  if (node.op.kind === 'scale')
    return depthwise(model, node.shape, [...inputs, ...dequantised.map(({ path }) => path)], name);
  return lowerForInference(model, { node, inputs, shapes, parameters: dequantised, readers, name });
};

/** A scale of a map: a depthwise convolution of one tap. */
const depthwise = (model: OnnxModel, [channels]: Shape, inputs: readonly Tensor[], name: string): Tensor =>
  model.node('Conv', inputs, { name, attributes: { kernel_shape: [1, 1], group: channels } });

/** What a sigmoid gives: from 0 to 1, whatever it reads. */
const SIGMOID: Affine = { scale: 1 / 256, zeroPoint: 0 };

const silu = (model: OnnxModel, inputs: readonly Tensor[], path: string, name: string): Tensor => {
  const gate = pair(model, model.node('Sigmoid', inputs), SIGMOID, `${path}.gate`);
  return model.node('Mul', [...inputs, gate], { name });
};

const quantisedName = (path: string): string => `${path}/quantised`;

/** Quantised and read back. */
const pair = (
  model: OnnxModel,
  tensor: Tensor,
  { scale, zeroPoint }: Affine,
  path: string,
  name = `${path}/dequantised`,
): Tensor => {
  const parameters = [
    model.constant(scale),
    model.integerInitializer(`${path}/zero-point`, Uint8Array.of(zeroPoint), []),
  ];
  const quantised = model.node('QuantizeLinear', [tensor, ...parameters], { name: quantisedName(path) });
  return model.node('DequantizeLinear', [quantised, ...parameters], { name });
};

/** Weights as the operations read them: their zero points are 0. */
const readBack = (
  model: OnnxModel,
  tensor: Tensor,
  integers: Int8Array | Int32Array,
  scales: Float32Array,
): Tensor => {
  const isOne = scales.length === 1;
  const shape = isOne ? [] : [scales.length];
  const zeros = integers instanceof Int8Array ? new Int8Array(scales.length) : new Int32Array(scales.length);
  const parameters = [
    model.initializer(`${tensor}.scale`, scales, shape),
    model.integerInitializer(`${tensor}.zero-point`, zeros, shape),
  ];
  return model.node('DequantizeLinear', [tensor, ...parameters], {
    name: `${tensor}/dequantised`,
    ...(isOne ? {} : { attributes: { axis: 0 } }),
  });
};
