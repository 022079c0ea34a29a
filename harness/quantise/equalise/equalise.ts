/**
 * Cross-layer equalisation (Nagel et al. 2019, arXiv:1906.04721, section 4.1): of two operations in a row, the output channels of the first
 * are multiplied, and the input channels of the second divided, by factors that give both the same largest weight in every channel. The
 * network computes the same; with one scale for all weights of a layer, no channel is rounded away beside a larger one.
 *
 * Of ranges r1 and r2 of a channel, the factor is sqrt(r2 / r1), and both become sqrt(r1 r2). A depthwise convolution is the second of one
 * pair and the first of the next, so that all pairs are gone through until none changes. Large biases are not absorbed.
 */
import { type Graph, type GraphNode, inputShapes } from '../../graph/graph.js';
import { parametersOf, type Weights } from '../../graph/parameters.js';
import { type EqualisedPair, equalisedPairs } from './pairs.js';

/** The weights of a deploy form, equalised: the graph computes with them what it did, but for rounding to float32. */
export const equalised = (graph: Graph, weights: Weights): Weights => {
  const pairs = equalisedPairs(graph);
  const layers = new Map<number, Layer>();
  for (const { first, second } of pairs) {
    for (const node of [first, second]) {
      if (!layers.has(node.id)) layers.set(node.id, layerOf(graph, node, weights));
    }
  }
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const changes = pairs.map((pair) => equalise(pair, layers));
    if (Math.max(0, ...changes) < SETTLED) break;
  }
  const changed = new Map(weights);
  for (const layer of layers.values()) {
    for (const [path, values] of scaledParameters(layer, weights)) changed.set(path, values);
  }
  return changed;
};

/** |log factor| below which channels are equal enough: half a step of 127. */
const SETTLED = 1 / 254;

/** Long rows of layers without a shortcut settle slowly, and change little by then. */
const MOST_PASSES = 60;

/** The weights of an operation as they are joined to channels, and what its channels have been multiplied by so far. */
interface Layer {
  /** Of its kernel, and of its bias where it has one. */
  readonly paths: readonly string[];
  /** Of every weight, the channels that it joins. */
  readonly outputOf: (weight: number) => number;
  readonly inputOf: (weight: number) => number;
  readonly outputs: Float64Array;
  readonly inputs: Float64Array;
  readonly links: Links;
}

/** The largest magnitude of the weights between two channels, for all that are joined. */
interface Links {
  readonly output: Int32Array;
  readonly input: Int32Array;
  readonly magnitude: Float64Array;
}

const layerOf = (graph: Graph, node: GraphNode, weights: Weights): Layer => {
  const [kernel, ...others] = parametersOf(graph, node);
  const values = weights.get(kernel?.path ?? '');
  const [[inputs] = node.shape] = inputShapes(graph, node);
  if (!kernel || !values) throw new RangeError(`${node.path} has no weights.`);
  const [outputs = 1, within = 1] = kernel.shape;
  const taps = kernel.size / (outputs * within);
  const groups = inputs / within;
  const outputOf = (weight: number): number => Math.floor(weight / (within * taps));
  const inputOf = (weight: number): number =>
    Math.floor((outputOf(weight) * groups) / outputs) * within + (Math.floor(weight / taps) % within);
  return {
    paths: [kernel, ...others].map(({ path }) => path),
    outputOf,
    inputOf,
    outputs: new Float64Array(outputs).fill(1),
    inputs: new Float64Array(inputs).fill(1),
    links: {
      output: Int32Array.from({ length: outputs * within }, (_, link) => outputOf(link * taps)),
      input: Int32Array.from({ length: outputs * within }, (_, link) => inputOf(link * taps)),
      magnitude: Float64Array.from({ length: outputs * within }, (_, link) => {
        let most = 0;
        for (let i = link * taps; i < (link + 1) * taps; i += 1) {
          most = Math.max(most, Math.abs(values[i] ?? Number.NaN));
        }
        return most;
      }),
    },
  };
};

/** Multiplies the channels between the two; the largest change, as |log factor|. */
const equalise = ({ first, second, channels }: EqualisedPair, layers: ReadonlyMap<number, Layer>): number => {
  const [from, to] = [layers.get(first.id), layers.get(second.id)];
  if (!from || !to) throw new RangeError(`${first.path} and ${second.path} are no layers.`);
  const given = rangesOf(from, 'output');
  const taken = rangesOf(to, 'input');
  const read = new Float64Array(given.length);
  for (const [input, channel] of channels.entries()) {
    read[channel] = Math.max(read[channel] ?? 0, taken[input] ?? 0);
  }
  const factors = given.map((range, channel) => {
    const factor = Math.sqrt((read[channel] ?? 0) / range);
    // A channel without weights on one side has nothing to be equalised with.
    return factor > 0 && Number.isFinite(factor) ? factor : 1;
  });
  for (const [channel, factor] of factors.entries()) {
    from.outputs[channel] = (from.outputs[channel] ?? 1) * factor;
  }
  for (const [input, channel] of channels.entries()) {
    to.inputs[input] = (to.inputs[input] ?? 1) / (factors[channel] ?? 1);
  }
  return factors.reduce((most, factor) => Math.max(most, Math.abs(Math.log(factor))), 0);
};

/** The largest magnitude in every channel, as the channels have been multiplied. */
const rangesOf = ({ links, outputs, inputs }: Layer, side: 'output' | 'input'): Float64Array => {
  const ranges = new Float64Array(side === 'output' ? outputs.length : inputs.length);
  for (let i = 0; i < links.magnitude.length; i += 1) {
    const output = links.output[i] ?? 0;
    const input = links.input[i] ?? 0;
    const channel = side === 'output' ? output : input;
    const magnitude = (links.magnitude[i] ?? 0) * (outputs[output] ?? 1) * (inputs[input] ?? 1);
    if (!(magnitude <= (ranges[channel] ?? 0))) ranges[channel] = magnitude;
  }
  return ranges;
};

const scaledParameters = (
  { paths: [kernel = '', bias], outputOf, inputOf, outputs, inputs }: Layer,
  weights: Weights,
): readonly (readonly [path: string, values: Float32Array])[] => {
  const scaled = (path: string, factorOf: (index: number) => number) =>
    [path, Float32Array.from(weights.get(path) ?? [], (value, i) => value * factorOf(i))] as const;
  return [
    scaled(kernel, (weight) => (outputs[outputOf(weight)] ?? 1) * (inputs[inputOf(weight)] ?? 1)),
    ...(bias === undefined ? [] : [scaled(bias, (channel) => outputs[channel] ?? 1)]),
  ];
};
