/** Batch norms become scales, and scales vanish into the convolution before them. */
import { type Graph, nodeAt } from '../graph/graph.js';
import { byChannel, difference, product } from './channels.js';
import { parameterOf, type Replacement, type Replacements, readOnce, weightAndBias } from './rewrite.js';

/** gamma (x - mean) / sqrt(variance + epsilon) + beta = a x + (beta - a mean), with a = gamma / sqrt(variance + epsilon). */
export const batchNormsToScales = (graph: Graph): Replacements => {
  const replacements = new Map<number, Replacement>();
  for (const node of graph.nodes) {
    const { op } = node;
    if (op.kind !== 'batchNorm') continue;
    replacements.set(node.id, {
      like: node,
      value: 'same',
      op: { kind: 'scale', bias: true },
      inputs: node.inputs,
      parameters: (values) => {
        const read = (name: string) => parameterOf(values, node, name);
        const weight = byChannel(
          read('weight'),
          read('running_var'),
          (a, v) => a / Math.sqrt(v + op.epsilon),
        );
        const bias = byChannel(read('bias'), byChannel(read('running_mean'), weight, product), difference);
        return weightAndBias(weight, [bias]);
      },
    });
  }
  return replacements;
};

/** a (W x + c) + b = (a W) x + (a c + b), where nothing else reads the convolution. It keeps its path. */
export const scalesIntoConvolutions = (graph: Graph): Replacements => {
  const readByOne = readOnce(graph);
  const replacements = new Map<number, Replacement>();
  for (const scale of graph.nodes) {
    const [source] = scale.inputs;
    if (scale.op.kind !== 'scale' || source === undefined || !readByOne(source)) continue;
    const conv = nodeAt(graph, source);
    const [scaleBias, { op }] = [scale.op.bias, conv];
    if (op.kind !== 'conv2d') continue;
    replacements.set(scale.id, {
      like: conv,
      value: 'same',
      op: { ...op, bias: op.bias || scaleBias },
      inputs: conv.inputs,
      parameters: (values) => {
        const factors = parameterOf(values, scale, 'weight');
        const weight = byChannel(parameterOf(values, conv, 'weight'), factors, product);
        const offsets = [
          ...(op.bias ? [byChannel(parameterOf(values, conv, 'bias'), factors, product)] : []),
          ...(scaleBias ? [parameterOf(values, scale, 'bias')] : []),
        ];
        return weightAndBias(weight, offsets);
      },
    });
  }
  return replacements;
};
