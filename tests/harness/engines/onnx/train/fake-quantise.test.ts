/**
 * Training under the rounding and clipping of an int8 form: what it computes against the form run in integers, and its straight-through
 * gradients against central differences of a reference in float64, in which every rounding is an offset that does not change, and every
 * clip is a clip.
 */
import { describe, expect, it } from 'vitest';
import { blockSize } from '../../../../../harness/engines/onnx/block-size.js';
import { createInt8Predictor } from '../../../../../harness/engines/onnx/int8/session.js';
import { GraphBuilder } from '../../../../../harness/graph/build/builder.js';
import type { Graph, GraphNode } from '../../../../../harness/graph/graph.js';
import { parametersOf, type Weights } from '../../../../../harness/graph/parameters.js';
import { elementCount } from '../../../../../harness/graph/shape.js';
import { type Affine, dequantise, quantise } from '../../../../../harness/quantise/affine.js';
import { calibratedNodes } from '../../../../../harness/quantise/layout.js';
import { type Int8Form, int8Form } from '../../../../../harness/quantise/quantise.js';
import { WEIGHT_SCALES, type WeightScale } from '../../../../../results/training/int8.js';
import { lossGradients, lossOf } from '../../../../support/loss-gradients.js';
import { randomValues, randomWeights, seededRandom } from '../../../../support/random.js';
import { type ReferenceWeights, referenceForward, referenceNode } from '../../../../support/reference.js';
import { CLASSES } from '../../../../support/training-cases.js';

/** With clamps that cost nothing, moves, a gate, a sum, a concatenation, a scale, and an operation that stays in float32. */
const graph = ((): Graph => {
  const g = GraphBuilder.create();
  const x = g.input([2, 8, 8]);
  const wide = g.activation(
    'wide.act',
    g.conv2d('wide', x, { outChannels: 8, kernel: 3, bias: true }),
    'relu6',
  );
  const deep = g.conv2d('deep', wide, { outChannels: 8, kernel: 3, groups: 8, bias: true });
  const gate = g.activation(
    'gate.act',
    g.conv2d('gate', g.globalAvgPool('mean', deep), { outChannels: 8, kernel: 1, bias: true }),
    'sigmoid',
  );
  const gated = g.mul('gated', deep, gate);
  const sum = g.activation('sum.act', g.add('sum', gated, wide), 'relu');
  const halves = [g.slice('left', sum, 0, 4), g.slice('right', sum, 4, 8)] as const;
  const joined = g.concat('joined', g.scale('scaled', halves[1], true), halves[0]);
  const pooled = g.maxPool('pooled', joined, { kernel: 2, stride: 2 });
  const bent = g.activation('bent', pooled, 'hard-swish');
  const point = g.conv2d('point', bent, { outChannels: 6, kernel: 1, bias: true });
  return g.finish(g.dense('classifier', g.flatten('flat', g.globalAvgPool('pool', point)), CLASSES));
})();

/** One channel of the depthwise convolution has weights so large that one scale for all rounds the others to next to nothing. */
const weights = ((): Weights => {
  const drawn = randomWeights(graph, 5);
  const deep = drawn.get('deep.weight') ?? new Float32Array();
  return new Map([...drawn, ['deep.weight', deep.map((weight, i) => (i < 9 ? 50 * weight : weight))]]);
})();

const SIZE = elementCount(graph.input.shape);

/** Ranges of images that are less bright than those of the tests, so that some values are clipped. */
const formWith = (scales: WeightScale): Int8Form => {
  const values = referenceForward(graph, weights, randomValues(4 * SIZE, 21, 0.7), {
    batch: 4,
    mode: 'inference',
  });
  const ranges = new Map(
    calibratedNodes(graph).map((id) => {
      const own = [...(values[id] ?? [])];
      return [id, [Math.min(...own), Math.max(...own)] as const];
    }),
  );
  return int8Form(graph, weights, ranges, scales);
};

const isRounded = ({ values, placements }: Int8Form, { id, inputs: [source] }: GraphNode): boolean => {
  const state = placements[id]?.state;
  return (
    values[id] != null &&
    state !== 'absorbed' &&
    (state !== 'moves' || source === undefined || values[source] == null)
  );
};

const clipped = (value: number, affine: Affine): number =>
  Math.min(dequantise(255, affine), Math.max(dequantise(0, affine), value));

/** Offsets that stand for roundings, by parameter or by node and image. */
type Offsets = Map<string, Float64Array>;

/** The logits of an image. Offsets that are not there yet are those of rounding the values as they are. */
const straightThrough = (
  form: Int8Form,
  given: ReferenceWeights,
  image: Float32Array,
  offsets: Offsets,
  which: number,
): { readonly logits: Float64Array; readonly clippedValues: number } => {
  const moved = new Map(given);
  for (const node of graph.nodes) {
    const kernel = form.kernels.get(node.path);
    const [parameter] = parametersOf(graph, node);
    const before = parameter && given.get(parameter.path);
    if (!kernel || !before) continue;
    const row = kernel.integers.length / (parameter.shape[0] ?? 1);
    const offset = remembered(offsets, parameter.path, () =>
      Float64Array.from(kernel.integers, (integer, i) => {
        const scale = kernel.scales[Math.floor(i / row)] ?? kernel.scales[0] ?? 1;
        return integer * scale - (before[i] ?? 0);
      }),
    );
    moved.set(
      parameter.path,
      offset.map((by, i) => (before[i] ?? 0) + by),
    );
  }
  const values: Float64Array[] = [];
  let clippedValues = 0;
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => values[id] ?? new Float64Array());
    const affine = form.values[node.id];
    if (form.placements[node.id]?.state === 'absorbed') {
      values.push(inputs[0] ?? new Float64Array());
      continue;
    }
    const exact =
      node.op.kind === 'input' ? Float64Array.from(image) : referenceNode(graph, node, moved, inputs);
    if (!affine || !isRounded(form, node)) {
      values.push(exact);
      continue;
    }
    clippedValues += exact.filter((value) => clipped(value, affine) !== value).length;
    const offset = remembered(offsets, `${node.path} ${which}`, () =>
      exact.map((value) => dequantise(quantise(value, affine), affine) - clipped(value, affine)),
    );
    values.push(exact.map((value, i) => clipped(value, affine) + (offset[i] ?? 0)));
  }
  return { logits: values.at(-1) ?? new Float64Array(), clippedValues };
};

const remembered = (offsets: Offsets, key: string, make: () => Float64Array): Float64Array => {
  const known = offsets.get(key) ?? make();
  offsets.set(key, known);
  return known;
};

const BATCH = 3;
const images = randomValues(BATCH * SIZE, 33);
const imageAt = (place: number): Float32Array => images.subarray(place * SIZE, (place + 1) * SIZE);

const lossWith = (form: Int8Form, given: ReferenceWeights, offsets: Offsets): number =>
  lossOf(
    Float64Array.from(
      Array.from({ length: BATCH }, (_, i) => [
        ...straightThrough(form, given, imageAt(i), offsets, i).logits,
      ]).flat(),
    ),
  );

/** Null where this processor has no blocked convolution. */
const BLOCK = await blockSize();

const STEP = 1e-5;
/** Of a derivative along a random direction, relative to the gradient's norm: a value in float32 may be rounded to the next step. */
const TOLERANCE = 0.01;

describe.each(WEIGHT_SCALES)('training under the rounding of an int8 form, %s', (scales) => {
  const form = formWith(scales);

  it('computes what the form computes in integers', async () => {
    const predictor = await createInt8Predictor(form, { batch: BATCH, threads: 1 });
    const logits = Float64Array.from(await predictor.run(images));
    await predictor.dispose();
    const { loss } = await lossGradients(graph, weights, images, { batch: BATCH, block: null, int8: form });
    const step = form.values[graph.output.id]?.scale ?? Number.NaN;
    // As much as one step of one logit of one image: a rounding in float32 that goes the other way.
    expect(Math.abs(loss - lossOf(logits))).toBeLessThan(step / 5);
    const inFloat = await lossGradients(graph, weights, images, { batch: BATCH, block: null });
    expect(Math.abs(inFloat.loss - lossOf(logits))).toBeGreaterThan(step);
  });

  it('has the gradients of roundings that are offsets, and of clips', async () => {
    const offsets: Offsets = new Map();
    expect(straightThrough(form, weights, imageAt(0), new Map(), 0).clippedValues).toBeGreaterThan(0);
    lossWith(form, weights, offsets);
    const { gradients, parameters } = await lossGradients(graph, weights, images, {
      batch: BATCH,
      block: null,
      int8: form,
    });
    const random = seededRandom(9);
    let offset = 0;
    for (const { path, size } of parameters) {
      const gradient = gradients.subarray(offset, offset + size);
      const direction = Float64Array.from({ length: size }, () => random() * 2 - 1);
      const along = (step: number): number => {
        const moved = direction.map((d, i) => (weights.get(path)?.[i] ?? 0) + step * d);
        return lossWith(form, new Map<string, ArrayLike<number>>([...weights, [path, moved]]), offsets);
      };
      const numeric = (along(STEP) - along(-STEP)) / (2 * STEP);
      const projected = direction.reduce((sum, d, i) => sum + d * (gradient[i] ?? Number.NaN), 0);
      expect(Math.abs(projected - numeric), path).toBeLessThan(TOLERANCE * Math.hypot(...gradient));
      offset += size;
    }
    expect(offset).toBe(gradients.length);
  });

  it.skipIf(BLOCK === null)('computes the same with images side by side', async () => {
    const batch = BLOCK ?? 1;
    const many = randomValues(batch * SIZE, 35);
    const plain = await lossGradients(graph, weights, many, { batch, block: null, int8: form });
    const blocked = await lossGradients(graph, weights, many, { batch, block: BLOCK, int8: form });
    const apart = plain.gradients.map((value, i) => value - (blocked.gradients[i] ?? Number.NaN));
    expect(Math.hypot(...apart)).toBeLessThan(TOLERANCE * Math.hypot(...plain.gradients));
  });
});

describe('a clamp of a value that is rounded', () => {
  it('is the range of the value alone: what lies outside has no gradient', async () => {
    const g = GraphBuilder.create();
    const x = g.input([1, 1, 1]);
    const clamped = g.activation(
      'act',
      g.conv2d('conv', x, { outChannels: 1, kernel: 1, bias: true }),
      'relu6',
    );
    const small = g.finish(g.dense('out', g.flatten('flat', clamped), CLASSES));
    const at = async (bias: number): Promise<number> => {
      const own: Weights = new Map([...randomWeights(small, 2), ['conv.bias', Float32Array.of(bias)]]);
      const ranges = new Map(calibratedNodes(small).map((id) => [id, [0, 6] as const]));
      const int8 = int8Form(small, own, ranges, 'per-tensor');
      const { gradients, parameters } = await lossGradients(small, own, Float32Array.of(0), {
        ...{ batch: 1, block: null, int8 },
      });
      let offset = 0;
      for (const { path, size } of parameters) {
        if (path === 'conv.bias') return gradients[offset] ?? Number.NaN;
        offset += size;
      }
      return Number.NaN;
    };
    expect(Math.abs(await at(-1))).toBe(0);
    expect(Math.abs(await at(7))).toBe(0);
    expect(Math.abs(await at(3))).toBeGreaterThan(0);
  });
});
