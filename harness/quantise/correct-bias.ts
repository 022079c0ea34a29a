/**
 * Bias correction (Nagel et al. 2019, arXiv:1906.04721, section 4.2), in the empirical form of its appendix D: what quantisation adds to the
 * mean of an output channel, on the calibration images, is taken off the bias. Operations are corrected in order, each behind those that
 * have been: what is left of their errors is part of its own. Those without a bias stay as they are.
 */

import { type Graph, type GraphNode, nodeAt } from '../graph/graph.js';
import { parametersOf, type Weights } from '../graph/parameters.js';
import { elementCount } from '../graph/shape.js';
import { roundHalfEven } from './affine.js';
import type { CalibrationBatches, Observe } from './calibrate.js';
import type { Int8Form } from './quantise.js';

/** Runs an int8 form. */
export interface RunForm {
  run(images: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface CorrectionOptions {
  /** The float network, at the nodes of `correctedNodes`. */
  readonly observe: Observe;
  readonly prepare: (form: Int8Form) => Promise<RunForm>;
  readonly batches: CalibrationBatches;
}

/** Ids of the nodes whose biases are corrected, in order. */
export const correctedNodes = ({ graph, kernels }: Int8Form): readonly number[] =>
  graph.nodes.filter(({ path }) => kernels.get(path)?.bias != null).map(({ id }) => id);

/** The form with other biases. */
export const biasCorrected = async (
  form: Int8Form,
  { observe, prepare, batches }: CorrectionOptions,
): Promise<Int8Form> => {
  const expected = await meansOf(form.graph, correctedNodes(form), batches, observe);
  let corrected = form;
  for (const [id, mean] of expected) {
    const node = nodeAt(form.graph, id);
    const runner = await prepare(floatOutputAt(corrected, node));
    const found = await meansOf(form.graph, [id], batches, async (images) => {
      return new Map([[id, await runner.run(images)]]);
    }).finally(() => runner.dispose());
    const errors = (found.get(id) ?? mean).map((value, channel) => value - (mean[channel] ?? value));
    corrected = withoutErrors(corrected, node, errors);
  }
  return corrected;
};

/** The float weights with the biases that the form has. */
export const withBiasesOf = ({ graph, kernels, values }: Int8Form, weights: Weights): Weights => {
  const all = new Map(weights);
  for (const node of graph.nodes) {
    const { bias = null, scales } = kernels.get(node.path) ?? {};
    const [, parameter] = parametersOf(graph, node);
    const input = values[node.inputs[0] ?? -1];
    if (bias === null || !scales || !parameter || !input) continue;
    const scaleOf = (channel: number): number => input.scale * (scales[channel] ?? scales[0] ?? 1);
    all.set(
      parameter.path,
      Float32Array.from(bias, (steps, channel) => steps * scaleOf(channel)),
    );
  }
  return all;
};

/** The form up to a node, whose sums are given as they are, before a clamp and before they are quantised. */
const floatOutputAt = ({ graph, ...form }: Int8Form, { id, shape }: GraphNode): Int8Form => ({
  ...form,
  graph: { ...graph, nodes: graph.nodes.slice(0, id + 1), output: { id, shape } },
  values: form.values.map((affine, node) => (node === id ? null : affine)),
});

/** By node, over all images and pixels, of every channel. */
const meansOf = async (
  graph: Graph,
  ids: readonly number[],
  batches: CalibrationBatches,
  observe: Observe,
): Promise<ReadonlyMap<number, Float64Array>> => {
  const sums = new Map(ids.map((id) => [id, new Float64Array(nodeAt(graph, id).shape[0])]));
  const counts = new Map<number, number>();
  for (const batch of batches()) {
    for (const [id, values] of await observe(await batch)) {
      const [channels, ...size] = nodeAt(graph, id).shape;
      const pixels = elementCount(size);
      const sum = sums.get(id) ?? new Float64Array(channels);
      for (const [i, value] of values.entries()) {
        const channel = Math.floor(i / pixels) % channels;
        sum[channel] = (sum[channel] ?? 0) + value;
      }
      counts.set(id, (counts.get(id) ?? 0) + values.length / channels);
    }
  }
  return new Map([...sums].map(([id, sum]) => [id, sum.map((total) => total / (counts.get(id) ?? 1))]));
};

/** The form with a kernel whose bias is moved by the nearest whole number of its steps. */
const withoutErrors = (form: Int8Form, node: GraphNode, errors: Float64Array): Int8Form => {
  const kernel = form.kernels.get(node.path);
  const input = form.values[node.inputs[0] ?? -1];
  if (!kernel?.bias || !input) throw new RangeError(`${node.path} has no bias in integers.`);
  const bias = kernel.bias.map((steps, channel) => {
    const scale = kernel.scales[channel] ?? kernel.scales[0] ?? 1;
    return steps - roundHalfEven((errors[channel] ?? 0) / (input.scale * scale));
  });
  return { ...form, kernels: new Map(form.kernels).set(node.path, { ...kernel, bias }) };
};
