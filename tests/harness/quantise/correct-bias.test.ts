import { describe, expect, it } from 'vitest';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { requireInt8 } from '../../../harness/engines/requirements.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { nodeAt } from '../../../harness/graph/graph.js';
import { biasCorrected, correctedNodes } from '../../../harness/quantise/correct-bias.js';
import type { Int8Form } from '../../../harness/quantise/quantise.js';
import { WEIGHT_SCALES } from '../../../results/training/int8.js';
import { randomlyQuantised } from '../../support/int8.js';
import { randomValues, randomWeights } from '../../support/random.js';
import { referenceForward } from '../../support/reference.js';

/** With a branch, a clamp, a depthwise convolution, and a convolution without a bias. */
const graph = (() => {
  const g = GraphBuilder.create();
  const x = g.input([2, 6, 6]);
  const wide = g.activation('act', g.conv2d('wide', x, { outChannels: 8, kernel: 3, bias: true }), 'relu');
  const deep = g.conv2d('deep', wide, { outChannels: 8, kernel: 3, groups: 8, bias: true });
  const plain = g.conv2d('plain', wide, { outChannels: 8, kernel: 1 });
  const sum = g.activation('out', g.add('sum', deep, plain), 'relu');
  return g.finish(g.dense('classifier', g.flatten('flat', g.globalAvgPool('pool', sum)), 4));
})();

const weights = randomWeights(graph, 3);

const SIZE = 2 * 6 * 6;
const BATCH = 2;
const BATCHES = [5, 6, 7].map((seed) => randomValues(BATCH * SIZE, seed, 2));

const int8 = requireInt8(onnxruntime);
const options = { batch: BATCH, threads: 1 };

const corrected = async (form: Int8Form): Promise<Int8Form> => {
  const observer = await int8.createObserver(graph, weights, correctedNodes(form), options);
  const result = await biasCorrected(form, {
    observe: (images) => observer.run(images),
    prepare: (part) => int8.createPredictor(part, options),
    batches: () => BATCHES,
  });
  await observer.dispose();
  return result;
};

/** Of a node's sums in int8 behind all that comes before, by channel: the mean less that of float64, in steps of the bias. */
const meanErrors = async (form: Int8Form, id: number): Promise<readonly number[]> => {
  const node = nodeAt(graph, id);
  const [channels] = node.shape;
  const kernel = form.kernels.get(node.path);
  const input = form.values[node.inputs[0] ?? -1];
  const predictor = await int8.createPredictor(
    {
      ...form,
      graph: { ...graph, nodes: graph.nodes.slice(0, id + 1), output: { id, shape: node.shape } },
      values: form.values.map((affine, other) => (other === id ? null : affine)),
    },
    options,
  );
  const errors = new Array<number>(channels).fill(0);
  for (const images of BATCHES) {
    const found = await predictor.run(images);
    const exact = referenceForward(graph, weights, images, { batch: BATCH, mode: 'inference' })[id] ?? [];
    const pixels = found.length / BATCH / channels;
    for (const [i, value] of found.entries()) {
      const channel = Math.floor(i / pixels) % channels;
      errors[channel] =
        (errors[channel] ?? 0) + (value - (exact[i] ?? 0)) / (BATCH * BATCHES.length * pixels);
    }
  }
  await predictor.dispose();
  return errors.map((error, i) => {
    const scale = kernel?.scales[i] ?? kernel?.scales[0] ?? 1;
    return error / (scale * (input?.scale ?? 1));
  });
};

describe('bias correction', () => {
  it.each(WEIGHT_SCALES)(
    'leaves of the mean error of every channel what rounding the bias leaves, %s',
    async (scales) => {
      const { form } = await randomlyQuantised(graph, weights, scales);
      const after = await corrected(form);
      const before: number[] = [];
      for (const id of correctedNodes(form)) {
        before.push(...(await meanErrors(form, id)).map(Math.abs));
        for (const error of await meanErrors(after, id)) expect(Math.abs(error)).toBeLessThan(0.51);
      }
      expect(Math.max(...before)).toBeGreaterThan(5);
    },
  );

  it('changes biases alone, and of those operations alone that have one', async () => {
    const { form } = await randomlyQuantised(graph, weights, 'per-tensor');
    const paths = correctedNodes(form).map((id) => nodeAt(graph, id).path);
    expect(paths).toEqual(['wide', 'deep', 'classifier']);
    const after = await corrected(form);
    for (const [path, { integers, scales, bias }] of form.kernels) {
      expect(after.kernels.get(path)).toMatchObject({ integers, scales });
      if (!paths.includes(path)) expect(after.kernels.get(path)?.bias).toEqual(bias);
    }
    expect(after.values).toEqual(form.values);
  });
});
