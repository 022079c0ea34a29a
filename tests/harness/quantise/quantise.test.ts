import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { int8Layout } from '../../../harness/quantise/layout.js';
import {
  floatOperations,
  int8Form,
  int8WeightBytes,
  type Ranges,
} from '../../../harness/quantise/quantise.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { UserError } from '../../../harness/user/user-error.js';
import { WEIGHT_SCALES } from '../../../results/training/int8.js';
import { CATALOGUE } from '../../support/catalogue.js';
import { randomWeights } from '../../support/random.js';

const network = (): Graph => {
  const g = GraphBuilder.create();
  const x = g.input([3, 8, 8]);
  const stem = g.activation('act', g.conv2d('stem', x, { outChannels: 4, kernel: 3, bias: true }), 'relu6');
  const gate = g.activation(
    'gate',
    g.conv2d('squeeze', g.globalAvgPool('pool', stem), { outChannels: 4, kernel: 1 }),
    'hard-sigmoid',
  );
  const moved = g.slice('slice', g.mul('excite', stem, gate), 0, 2);
  return g.finish(g.dense('classifier', g.flatten('flatten', moved), 5));
};

const rangesOf = (graph: Graph, own: Readonly<Record<string, readonly [number, number]>> = {}): Ranges =>
  new Map(graph.nodes.map(({ id, path }) => [id, own[path] ?? [-1, 3]]));

describe('the int8 form', () => {
  const graph = network();
  const weights = randomWeights(graph, 1);

  it('gives every clamp that costs nothing to the operation before, and what is moved the scale of what it was', () => {
    const form = int8Form(graph, weights, rangesOf(graph, { act: [0, 5], excite: [0, 2] }), 'per-channel');
    const quantisedBy = (path: string) => form.values[graph.nodes.findIndex((node) => node.path === path)];
    expect(quantisedBy('stem')).toEqual(quantisedBy('act'));
    expect(quantisedBy('stem')?.zeroPoint).toBe(0);
    expect(quantisedBy('slice')).toEqual(quantisedBy('excite'));
    expect(quantisedBy('flatten')).toEqual(quantisedBy('excite'));
  });

  it('names what stays in float32, and why', () => {
    expect(floatOperations(graph)).toEqual([
      { path: 'gate', op: 'hard-sigmoid', reason: 'onnxruntime has no integer kernel for it' },
    ]);
  });

  it.each([
    [[Number.NEGATIVE_INFINITY, 1] as const, /act cannot be quantised.*ranges from -Infinity to 1/],
    [[0, Number.NaN] as const, /act cannot be quantised/],
  ])('refuses the range %j, and names the operation', (range, message) => {
    const build = () => int8Form(graph, weights, rangesOf(graph, { act: range }), 'per-channel');
    expect(build).toThrow(UserError);
    expect(build).toThrow(message);
  });

  it('refuses weights that are not finite, and names the operation', () => {
    const broken = new Map(weights).set('stem.weight', new Float32Array(108).fill(Number.NaN));
    expect(() => int8Form(graph, broken, rangesOf(graph), 'per-channel')).toThrow(/weights of stem/);
  });

  it('notes channels without weights and values that are zero', () => {
    const stem = Float32Array.from(weights.get('stem.weight') ?? [], (value, i) => (i < 27 ? 0 : value));
    const form = int8Form(
      graph,
      new Map(weights).set('stem.weight', stem),
      rangesOf(graph, { pool: [0, 0] }),
      'per-channel',
    );
    expect(form.notes).toEqual([
      { kind: 'zero-activation', path: 'pool' },
      { kind: 'zero-weights', path: 'stem', channels: 1 },
    ]);
  });

  it.each(WEIGHT_SCALES)('takes as many bytes for its weights as its shapes say, %s', (scales) => {
    const { kernels, floatWeights } = int8Form(graph, weights, rangesOf(graph), scales);
    const arrays = [...kernels.values()].flatMap(({ integers, scales: own, bias }) => [
      integers,
      own,
      ...(bias ? [bias] : []),
    ]);
    const bytes = [...arrays, ...floatWeights.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(int8WeightBytes(graph, scales)).toBe(bytes);
  });
});

describe('the placement of operations', () => {
  it.each(CATALOGUE)('computes every convolution and dense layer of %s in integers', (_id, trained) => {
    const { graph } = deployForm(trained);
    const { placements, rangeOf } = int8Layout(graph);
    for (const { id, op, inputs } of graph.nodes) {
      if (!['conv2d', 'dense', 'channelConv'].includes(op.kind)) continue;
      expect(placements[id]?.state).toBe('integer');
      expect([rangeOf[id], rangeOf[inputs[0] ?? -1]]).not.toContain(null);
    }
  });
});
