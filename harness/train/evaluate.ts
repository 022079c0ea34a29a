import { evaluationBatches, unpaintedEvaluationBatches } from '../data/batches/batches.js';
import { type CanvasPool, canvasPool } from '../data/batches/canvas-pool.js';
import { inOrder } from '../data/batches/in-order.js';
import { prefetched } from '../data/batches/prefetch.js';
import type { Dataset, SplitName } from '../data/dataset.js';
import type { Engine, Predictor } from '../engines/engine.js';
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

/** What is evaluated on, and how. */
export interface EvaluationOptions {
  readonly dataset: Dataset;
  readonly split: SplitName;
  /** Height and width that the network sees. */
  readonly size: number;
  /** Images at a time. */
  readonly batch: number;
  readonly canvases?: CanvasPool;
}

/** Runs a network, in the form given, on every image of a split, unchanged and in order, `batch` at a time. */
export const evaluate = async (
  engine: Engine,
  graph: Graph,
  weights: Weights,
  { threads, ...options }: EvaluationOptions & { readonly threads: number },
): Promise<Evaluation> => {
  const batch = Math.min(options.batch, options.dataset.splits[options.split].count);
  const predictor = await engine.createPredictor(graph, weights, { batch, threads });
  try {
    return await evaluatePredictor(predictor, graph.output.shape[0], { ...options, batch });
  } finally {
    await predictor.dispose();
  }
};

/** The same of a network that takes exactly `batch` images and gives so many logits for each. */
export const evaluatePredictor = async (
  predictor: Predictor,
  classes: number,
  options: EvaluationOptions,
): Promise<Evaluation> => {
  const { count } = options.dataset.splits[options.split];
  const correct = new Uint8Array(count);
  let loss = 0;
  let first = 0;
  const ahead = predictor.queues ? 1 : 0;
  for await (const { logits, labels, count: filled } of inOrder(runs(predictor, options), ahead)) {
    for (let i = 0; i < filled; i += 1) {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      const label = labels[i] ?? 0;
      correct[first + i] = isLargest(row, label) ? 1 : 0;
      loss += crossEntropy(row, label) / count;
    }
    first += filled;
  }
  return { top1: correct.reduce((sum, hit) => sum + hit, 0) / count, loss, correct };
};

interface Outputs {
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  readonly count: number;
}

/** Of batch after batch, whoever paints the images. */
async function* runs(
  predictor: Predictor,
  { dataset, split, canvases = canvasPool(), ...options }: EvaluationOptions,
): AsyncGenerator<() => Promise<Outputs>> {
  if (predictor.runUnpainted === undefined) {
    for await (const batch of prefetched(evaluationBatches(dataset, split, { ...options, canvases }))) {
      yield async () => {
        const logits = await predictor.run(batch.images);
        canvases.give(batch.images);
        return { ...batch, logits };
      };
    }
  } else {
    const run = predictor.runUnpainted;
    for await (const batch of prefetched(unpaintedEvaluationBatches(dataset, split, options))) {
      yield async () => ({ ...batch, logits: await run(batch.images) });
    }
  }
}

/** Whether the label has the highest score; of equal scores the first counts. */
const isLargest = (row: Float32Array, label: number): boolean => row.indexOf(Math.max(...row)) === label;

const crossEntropy = (row: Float32Array, label: number): number => {
  const largest = Math.max(...row);
  const sum = row.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Math.log(sum) + largest - (row[label] ?? Number.NaN);
};
