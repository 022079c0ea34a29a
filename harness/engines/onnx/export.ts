/** A graph in any form with its weights as an ONNX file. */
import { consumersOf, type Graph, inputShapes, nodeAt } from '../../graph/graph.js';
import { graphParameters, type Parameter, parametersOf, type Weights } from '../../graph/parameters.js';
import { lowerForInference } from './infer/rules.js';
import { OnnxModel, type Tensor } from './model.js';

const INPUT_NAME = 'input';

/** What the ONNX model takes and gives. */
export interface ExportOptions {
  /** Images that the model takes; null leaves the number open. */
  readonly batch: number | null;
  /** `logits` of a network; `output` of an operator or a block. */
  readonly outputName: 'logits' | 'output';
  /** What the file says of itself beside the network. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Nodes, neither the first nor the last, whose values are further outputs, in this order; none by default. */
  readonly observed?: readonly number[];
}

/**
 * The graph as a serialized ONNX model, opset 18, standard operators only, batch x channels x height x width, batch norms in
 * inference mode. The first initializers are the parameters and running statistics, by path, in execution order. Nodes are named
 * `<path>/<op>`. Throws RangeError where a weight is missing or of another size.
 */
export const exportOnnx = (
  graph: Graph,
  weights: Weights,
  { batch, outputName, metadata = {}, observed = [] }: ExportOptions,
): Uint8Array => {
  const model = new OnnxModel('lightbench');
  for (const parameter of graphParameters(graph)) {
    model.initializer(parameter.path, valuesOf(weights, parameter), parameter.shape);
  }
  const input = model.input(INPUT_NAME, 'float32', [batch, ...graph.input.shape]);
  const consumers = consumersOf(graph);
  const tensors: Tensor[] = [];
  for (const node of graph.nodes) {
    const name = node.id === graph.output.id ? outputName : `${node.path}/${node.op.kind}`;
    const inputs = node.op.kind === 'input' ? [input] : node.inputs.map((id) => tensorOf(tensors, id));
    const shapes = inputShapes(graph, node);
    const parameters = parametersOf(graph, node);
    const readers = (consumers[node.id] ?? []).map((id) => nodeAt(graph, id).op.kind);
    tensors.push(lowerForInference(model, { node, inputs, shapes, parameters, readers, name }));
  }
  // A model cannot give its input back under another name without a node between them.
  if (graph.output.id === graph.input.id) model.node('Identity', [input], { name: outputName });
  model.output(outputName, 'float32', [batch, ...nodeAt(graph, graph.output.id).shape]);
  for (const id of observed) {
    model.output(tensorOf(tensors, id), 'float32', [batch, ...nodeAt(graph, id).shape]);
  }
  return model.serialize(metadata);
};

const valuesOf = (weights: Weights, { path, size }: Parameter): Float32Array => {
  const values = weights.get(path);
  if (values?.length === size) return values;
  throw new RangeError(`${path} takes ${size} values and has ${values?.length ?? 'none'}.`);
};

const tensorOf = (tensors: readonly Tensor[], id: number): Tensor => {
  const tensor = tensors[id];
  if (tensor === undefined) throw new RangeError(`Node ${id} is read before it is computed.`);
  return tensor;
};
