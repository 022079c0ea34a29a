import { evaluationBatches } from '../data/batches.js';
import type { Dataset, SplitName } from '../data/dataset.js';
import { prefetched } from '../data/prefetch.js';
import type { Engine } from '../engines/engine.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';

export interface Evaluation {
  /** Share of images classified right, 0..1. */
  readonly top1: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  /** For every image, 1 where classified right. */
  readonly correct: Uint8Array;
}

/** Runs a network, in the form given, on every image of a split, unchanged and in order, `batch` at a time. */
export const evaluate = async (
  engine: Engine,
  graph: Graph,
  weights: Weights,
  {
    dataset,
    split,
    size,
    threads,
    batch: most,
  }: {
    readonly dataset: Dataset;
    readonly split: SplitName;
    readonly size: number;
    readonly threads: number;
    readonly batch: number;
  },
): Promise<Evaluation> => {
  const { count } = dataset.splits[split];
  const batch = Math.min(most, count);
  const classes = graph.output.shape[0];
  const predictor = await engine.createPredictor(graph, weights, { batch, threads });
  const correct = new Uint8Array(count);
  let loss = 0;
  const batches = prefetched(evaluationBatches(dataset, split, { batch, size }));
  let first = 0;
  try {
    for await (const { images, labels, count: filled } of batches) {
      const logits = await predictor.run(images);
      for (let i = 0; i < filled; i += 1) {
        const row = logits.subarray(i * classes, (i + 1) * classes);
        const label = labels[i] ?? 0;
        correct[first + i] = isLargest(row, label) ? 1 : 0;
        loss += crossEntropy(row, label) / count;
      }
      first += filled;
    }
  } finally {
    await predictor.dispose();
  }
  return { top1: correct.reduce((sum, hit) => sum + hit, 0) / count, loss, correct };
};

/** Whether the label has the highest score; of equal scores the first counts. */
const isLargest = (row: Float32Array, label: number): boolean => row.indexOf(Math.max(...row)) === label;

const crossEntropy = (row: Float32Array, label: number): number => {
  const largest = Math.max(...row);
  const sum = row.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Math.log(sum) + largest - (row[label] ?? Number.NaN);
};
