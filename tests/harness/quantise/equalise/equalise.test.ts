import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onnxruntime } from '../../../../harness/engines/onnx/engine.js';
import { GraphBuilder, type Value } from '../../../../harness/graph/build/builder.js';
import type { Graph } from '../../../../harness/graph/graph.js';
import { graphParameters, parametersOf, type Weights } from '../../../../harness/graph/parameters.js';
import { elementCount } from '../../../../harness/graph/shape.js';
import { equalised } from '../../../../harness/quantise/equalise/equalise.js';
import { equalisedPairs } from '../../../../harness/quantise/equalise/pairs.js';
import { deployForm } from '../../../../harness/rewrite/deploy.js';
import { CATALOGUE } from '../../../support/catalogue.js';
import { randomlyQuantised, runObserved } from '../../../support/int8.js';
import { randomValues, randomWeights } from '../../../support/random.js';
import { referenceOutput, relativeDifference } from '../../../support/reference.js';

/** Weights are rounded to float32 twice, and large ones may cancel; everything else is float64. */
const ROUNDING = 1e-5;

/** Every third output channel of a kernel is 300 times as large as it was drawn. */
const uneven = (graph: Graph, seed: number): Weights => {
  const weights = new Map(randomWeights(graph, seed));
  for (const node of graph.nodes) {
    const [kernel] = parametersOf(graph, node);
    if (kernel === undefined || node.op.kind !== 'conv2d') continue;
    const row = kernel.size / node.op.outChannels;
    const values = weights.get(kernel.path) ?? new Float32Array();
    weights.set(
      kernel.path,
      values.map((value, i) => (Math.floor(i / row) % 3 === 0 ? 300 * value : value)),
    );
  }
  return weights;
};

/** Convolutions in a row, of any groups and kernels, with what multiplies in between. */
const anyChain = fc
  .array(
    fc.record({
      groups: fc.constantFrom(1, 2, 4),
      perGroup: fc.integer({ min: 1, max: 3 }),
      kernel: fc.constantFrom(1, 3),
      bias: fc.boolean(),
      between: fc.constantFrom('relu', 'leaky', 'prelu', 'shuffle', 'scale', 'none'),
    }),
    { minLength: 2, maxLength: 5 },
  )
  .map((layers): Graph => {
    const g = GraphBuilder.create();
    let x: Value = g.input([4, 5, 5]);
    for (const [i, { groups, perGroup, kernel, bias, between }] of layers.entries()) {
      x = g.conv2d(`c${i}`, x, { outChannels: 4 * perGroup, kernel, groups, bias });
      if (between === 'relu') x = g.activation(`a${i}`, x, 'relu');
      if (between === 'leaky') x = g.leakyRelu(`a${i}`, x, 0.2);
      if (between === 'prelu') x = g.prelu(`a${i}`, x, true);
      if (between === 'shuffle') x = g.permuteChannels(`a${i}`, x, 2);
      if (between === 'scale') x = g.scale(`a${i}`, x, bias);
    }
    return g.finish(g.dense('d', g.flatten('f', g.maxPool('p', x, { kernel: 2, stride: 2 })), 3));
  });

/** Of the catalogue's larger networks, a smaller one has the same operations. */
const MOST_WEIGHTS = 1_500_000;

const weightsOf = (graph: Graph): number => graphParameters(graph).reduce((sum, { size }) => sum + size, 0);

/** Deploy forms of the catalogue that have something to equalise. */
const EQUALISABLE = CATALOGUE.map(([id, trained]) => [id, deployForm(trained).graph] as const).filter(
  ([, graph]) => equalisedPairs(graph).length > 0 && weightsOf(graph) < MOST_WEIGHTS,
);

/** Three layers: to 6 channels, depthwise, to 4 channels. */
const threeLayers = (between: (g: GraphBuilder, name: string, x: Value) => Value = (_g, _name, x) => x) => {
  const g = GraphBuilder.create();
  const first = g.conv2d('first', g.input([3, 7, 7]), { outChannels: 6, kernel: 3, bias: true });
  const middle = g.conv2d('middle', between(g, 'act1', first), {
    ...{ outChannels: 6, kernel: 3, groups: 6, bias: true },
  });
  return g.finish(g.conv2d('last', between(g, 'act2', middle), { outChannels: 4, kernel: 1, bias: true }));
};

/** The largest magnitudes of a kernel [out, in, ...] by its output channels, or its input channels. */
const largest = (
  weights: Weights,
  path: string,
  [out, within]: readonly [number, number],
  of: 'out' | 'in',
) => {
  const values = weights.get(path) ?? new Float32Array();
  const taps = values.length / (out * within);
  const found = new Float64Array(of === 'out' ? out : within);
  for (const [i, value] of values.entries()) {
    const channel = of === 'out' ? Math.floor(i / (within * taps)) : Math.floor(i / taps) % within;
    found[channel] = Math.max(found[channel] ?? 0, Math.abs(value));
  }
  return found;
};

describe('cross-layer equalisation', () => {
  it('leaves what any chain of convolutions computes as it was', () => {
    fc.assert(
      fc.property(anyChain, fc.integer(), (graph, seed) => {
        const weights = uneven(graph, seed);
        const images = randomValues(elementCount(graph.input.shape), seed + 1);
        const options = { batch: 1, mode: 'inference' } as const;
        const [after, before] = [equalised(graph, weights), weights].map((some) =>
          referenceOutput(graph, some, images, options),
        );
        expect(relativeDifference(after ?? [], before ?? [])).toBeLessThan(ROUNDING);
      }),
      { numRuns: 40 },
    );
  });

  it.each(EQUALISABLE)(
    'leaves what onnxruntime computes of %s as it was, to its own rounding',
    async (_id, graph) => {
      const weights = randomWeights(graph, 5);
      const image = randomValues(elementCount(graph.input.shape), 6);
      const outputs = [weights, equalised(graph, weights)].map(async (some) => {
        const predictor = await onnxruntime.createPredictor(graph, some, { batch: 1, threads: 1 });
        const output = Float32Array.from(await predictor.run(image));
        await predictor.dispose();
        return output;
      });
      const [before = [], after = []] = await Promise.all(outputs);
      expect(relativeDifference(after, before)).toBeLessThan(1e-4);
    },
  );

  it('has networks among those', () => {
    const ids = EQUALISABLE.map(([id]) => id);
    expect(ids).toEqual(expect.arrayContaining(['lightnet', 'falconnet', 'mobileone-s0']));
  });

  it('gives all layers around a depthwise one the geometric mean of their ranges, channel by channel', () => {
    const graph = threeLayers((g, name, x) => g.activation(name, x, 'relu'));
    const weights = uneven(graph, 4);
    const after = equalised(graph, weights);
    const ranges = (some: Weights) =>
      [
        largest(some, 'first.weight', [6, 3], 'out'),
        largest(some, 'middle.weight', [6, 1], 'out'),
        largest(some, 'last.weight', [4, 6], 'in'),
      ] as const;
    const [first, middle, last] = ranges(weights);
    const mean = first.map((range, i) => Math.cbrt(range * (middle[i] ?? 0) * (last[i] ?? 0)));
    for (const found of ranges(after)) {
      for (const [channel, range] of found.entries()) {
        expect(range / (mean[channel] ?? 0)).toBeCloseTo(1, 2);
      }
    }
  });

  it('leaves a network of ReLU6, and a channel without weights, as they are', () => {
    const capped = threeLayers((g, name, x) => g.activation(name, x, 'relu6'));
    expect(equalised(capped, randomWeights(capped, 1))).toEqual(randomWeights(capped, 1));
    const graph = threeLayers();
    const weights = new Map(randomWeights(graph, 2));
    const first = Float32Array.from(weights.get('first.weight') ?? [], (value, i) => (i < 27 ? 0 : value));
    const after = equalised(graph, weights.set('first.weight', first));
    expect(after.get('first.weight')?.subarray(0, 27)).toEqual(new Float32Array(27));
    expect(after.get('first.bias')?.[0]).toBe(weights.get('first.bias')?.[0]);
    expect([...after.values()].every((values) => values.every(Number.isFinite))).toBe(true);
  });

  it('brings a network with one scale a layer nearer to what it is in float32, where channels differ', async () => {
    const graph = threeLayers((g, name, x) => g.activation(name, x, 'relu'));
    const drawn = randomWeights(graph, 8);
    // One channel of the middle layer is 300 times as large as the others, and the next layer makes up for it.
    const scaled = (path: string, factor: number, isIt: (i: number) => boolean) =>
      Float32Array.from(drawn.get(path) ?? [], (value, i) => (isIt(i) ? factor * value : value));
    const lopsided = new Map(drawn)
      .set(
        'middle.weight',
        scaled('middle.weight', 300, (i) => i < 9),
      )
      .set(
        'middle.bias',
        scaled('middle.bias', 300, (i) => i === 0),
      )
      .set(
        'last.weight',
        scaled('last.weight', 1 / 300, (i) => i % 6 === 0),
      );
    const errors: number[] = [];
    for (const weights of [lopsided, equalised(graph, lopsided)]) {
      const { form, image } = await randomlyQuantised(graph, weights, 'per-tensor');
      const { output } = await runObserved(form, image, true);
      const exact = referenceOutput(graph, weights, image, { batch: 1, mode: 'inference' });
      errors.push(relativeDifference(output, exact));
    }
    const [before = 0, after = 0] = errors;
    expect(after).toBeLessThan(before / 5);
  });
});
