/**
 * What the int8 form does to training (Jacob et al. 2018, arXiv:1712.05877, section 3): every value that it quantises is rounded and
 * clipped by the form's scale, every kernel that it quantises by the scale that the weights have at this step. Gradients pass the rounding
 * unchanged, as a straight-through estimator (Bengio et al. 2013, arXiv:1308.3432), and are zero for a value beyond the range. A kernel
 * has none: its largest weight makes its scale. Its scale is a constant to the gradient.
 */

import type { GraphNode } from '../../../graph/graph.js';
import { type Parameter, parametersOf } from '../../../graph/parameters.js';
import { type Affine, INT8_MOST, LEAST_SCALE, type Range, UINT8_MOST } from '../../../quantise/affine.js';
import type { Int8Form } from '../../../quantise/quantise.js';
import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';
import type { Lowered } from './context.js';
import { within } from './maps/activations.js';

/** The kernels that the form quantises, rounded, in the place of those given; all by the path of their parameter. */
export const roundedKernels = (
  ops: TensorOps,
  { graph, kernels }: Int8Form,
  given: ReadonlyMap<string, Tensor>,
): ReadonlyMap<string, Tensor> => {
  const all = new Map(given);
  for (const node of graph.nodes) {
    const scales = kernels.get(node.path)?.scales;
    const [kernel] = parametersOf(graph, node);
    const weights = kernel && given.get(kernel.path);
    if (scales && weights) all.set(kernel.path, roundedKernel(ops, weights, kernel, scales.length > 1));
  }
  return all;
};

/** Of [outputs, ...], with one scale for every output or one for all. */
const roundedKernel = (
  ops: TensorOps,
  kernel: Tensor,
  { path, shape: [outputs = 1], size }: Parameter,
  perChannel: boolean,
): Tensor => {
  const { model } = ops;
  const rows = ops.reshape(kernel, outputs, size / outputs);
  const ofRows = ops.max(ops.unary('Abs', rows), 1);
  const largest = perChannel ? ofRows : ops.max(ofRows, 0);
  const steps = ops.div(largest, model.constant(INT8_MOST));
  const scale = model.node('Max', [steps, model.constant(LEAST_SCALE)]);
  const zero = model.integerInitializer(
    `${path}.zero-point`,
    new Int8Array(perChannel ? outputs : 1),
    perChannel ? [outputs] : [],
  );
  return ops.quantisedAndBack(rows, [scale, zero], perChannel ? 0 : undefined);
};

/** What a node gives, as the int8 form reads it: rounded, where it is not yet and does not stay in float32. */
export const roundedValue = (
  ops: TensorOps,
  { values, placements }: Int8Form,
  node: GraphNode,
  lowered: Lowered,
): Lowered => {
  const affine = values[node.id];
  if (affine == null) return lowered;
  const [source] = node.inputs;
  if (source === undefined) return { ...lowered, output: roundedBy(ops, lowered.output, affine, node.path) };
  const isMoved = placements[node.id]?.state === 'moves' && values[source] === affine;
  if (isMoved) return lowered;
  const mask = within(ops, lowered.output, rangeOf(affine));
  return {
    output: roundedBy(ops, lowered.output, affine, node.path),
    backward: (gradient, needed) => lowered.backward(ops.mul(gradient, mask), needed),
  };
};

/** Whether a clamp is the range of the value that it clamps: rounded, that is clamped already. */
export const isAbsorbed = ({ placements }: Int8Form, { id }: GraphNode): boolean =>
  placements[id]?.state === 'absorbed';

const rangeOf = ({ scale, zeroPoint }: Affine): Range => [
  (0 - zeroPoint) * scale,
  (UINT8_MOST - zeroPoint) * scale,
];

const roundedBy = (ops: TensorOps, value: Tensor, { scale, zeroPoint }: Affine, path: string): Tensor => {
  const zero = ops.model.integerInitializer(`${path}/zero-point`, Uint8Array.of(zeroPoint), []);
  return ops.quantisedAndBack(value, [ops.model.constant(scale), zero]);
};
