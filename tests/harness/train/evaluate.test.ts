import { beforeAll, describe, expect, it } from 'vitest';
import { evaluationBatches } from '../../../harness/data/batches/batches.js';
import type { Dataset } from '../../../harness/data/dataset.js';
import { loadDataset } from '../../../harness/data/registry.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { evaluate } from '../../../harness/train/evaluate.js';
import { randomWeights } from '../../support/random.js';

const SIZE = 14;
const CLASSES = 4;

const g = GraphBuilder.create();
const linear = g.finish(g.dense('fc', g.flatten('flatten', g.input([1, SIZE, SIZE])), CLASSES));

const evaluateOn = (dataset: Dataset, weights: ReturnType<typeof randomWeights>) =>
  evaluate(onnxruntime, linear, weights, { dataset, split: 'train', size: SIZE, threads: 1, batch: 250 });

describe('an evaluation', () => {
  let dataset: Dataset;
  beforeAll(async () => {
    dataset = await loadDataset('synthetic');
  });

  it('equals a count by hand on the logits, the last batch incomplete', async () => {
    const weights = randomWeights(linear, 5);
    const { count, labels } = dataset.splits.train;
    const [all] = await Promise.all(evaluationBatches(dataset, 'train', { batch: count, size: SIZE }));
    const images = all?.images ?? new Float32Array();
    const [kernel = [], bias = []] = [weights.get('fc.weight'), weights.get('fc.bias')];
    const pixels = SIZE * SIZE;
    let loss = 0;
    const correct = Array.from({ length: count }, (_, image) => {
      const x = images.subarray(image * pixels, (image + 1) * pixels);
      const row = Array.from({ length: CLASSES }, (_, k) =>
        x.reduce(
          (sum, value, i) => sum + value * (kernel[k * pixels + i] ?? Number.NaN),
          bias[k] ?? Number.NaN,
        ),
      );
      const [label, own] = [labels[image] ?? -1, row[labels[image] ?? -1] ?? Number.NaN];
      loss -= Math.log(Math.exp(own) / row.reduce((sum, logit) => sum + Math.exp(logit), 0)) / count;
      return row.every((logit, k) => k === label || logit < own) ? 1 : 0;
    });
    const result = await evaluateOn(dataset, weights);
    expect(count % 250).not.toBe(0);
    expect([...result.correct]).toEqual(correct);
    expect(result.top1).toBe(correct.filter((hit) => hit === 1).length / count);
    expect(result.loss).toBeCloseTo(loss, 5);
    expect(new Set(correct).size).toBe(2);
  });

  it('takes the first of equal scores, and a loss of log classes for them', async () => {
    const weights = new Map([...randomWeights(linear, 1)].map(([path, values]) => [path, values.fill(0)]));
    const result = await evaluateOn(dataset, weights);
    const { labels, count } = dataset.splits.train;
    expect(result.top1).toBe(labels.filter((label) => label === 0).length / count);
    expect(result.loss).toBeCloseTo(Math.log(CLASSES), 6);
  });

  it('has a finite loss where the logits are large', async () => {
    const weights = new Map(
      [...randomWeights(linear, 2)].map(([path, values]) => [path, values.map((value) => 1e4 * value)]),
    );
    const { loss } = await evaluateOn(dataset, weights);
    expect(loss).toBeGreaterThan(1e3);
    expect(loss).toBeLessThan(1e6);
  });
});
