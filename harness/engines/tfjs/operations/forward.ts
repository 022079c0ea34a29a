/** Runs a graph operation by operation. */
import type { Graph } from '../../../graph/graph.js';
import { type ParameterRole, parameterOfRole, parametersOf } from '../../../graph/parameters.js';
import { tf } from '../backends/tf.js';
import { type Arrange, evaluate } from './rules.js';
import { asMap } from './tensors.js';

/** What inference and training do differently: where parameters come from, and which statistics batch norms use. */
export interface Mode {
  parameter(path: string, arrange?: Arrange): tf.Tensor;
  batchNorm(x: tf.Tensor4D, epsilon: number, pathOf: (role: ParameterRole) => string): tf.Tensor4D;
}

/** The graph's output for images x channels x height x width; a map comes out in the same order. */
export const forward = (graph: Graph, images: tf.Tensor4D, mode: Mode): tf.Tensor => {
  const values: tf.Tensor[] = [];
  for (const node of graph.nodes) {
    const parameters = parametersOf(graph, node);
    const pathOf = (role: ParameterRole): string => parameterOfRole(parameters, role).path;
    values.push(
      evaluate({
        node,
        inputs: node.op.kind === 'input' ? [channelsLast(images)] : node.inputs.map((id) => at(values, id)),
        parameter: (role, arrange) => mode.parameter(pathOf(role), arrange),
        batchNorm: (x, epsilon) => mode.batchNorm(x, epsilon, pathOf),
      }),
    );
  }
  const output = at(values, graph.output.id);
  return output.rank === 4 ? channelsFirst(asMap(output)) : output;
};

const channelsLast = (x: tf.Tensor4D): tf.Tensor4D => tf.transpose(x, [0, 2, 3, 1]);
const channelsFirst = (x: tf.Tensor4D): tf.Tensor4D => tf.transpose(x, [0, 3, 1, 2]);

const at = (values: readonly tf.Tensor[], id: number): tf.Tensor => {
  const value = values[id];
  if (!value) throw new RangeError(`Node ${id} has not been computed.`);
  return value;
};
