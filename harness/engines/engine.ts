/**
 * What an engine must do: describe itself, train a graph, run a graph. An engine that was asked for and is missing is an error;
 * no engine ever falls back to another. Activations go in and come out in batch x channels x height x width, float32.
 */
import type { Batch } from '../data/dataset.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { Recipe } from '../train/recipe.js';

export const ENGINE_IDS = ['onnxruntime', 'tensorflow', 'wasm'] as const;

export type EngineId = (typeof ENGINE_IDS)[number];

export type EngineState =
  | { readonly state: 'available'; readonly version: string; readonly device: string }
  | { readonly state: 'missing'; readonly reason: string; readonly remedy: string };

export interface TrainerOptions {
  readonly batch: number;
  readonly threads: number;
  readonly recipe: Pick<Recipe, 'momentum' | 'nesterov' | 'weightDecay' | 'labelSmoothing'>;
}

export interface PredictorOptions {
  readonly batch: number;
  readonly threads: number;
}

/** Share of the batch's statistic in the running one, as in PyTorch; the running variance takes the unbiased variance. */
export const STATISTICS_MOMENTUM = 0.1;

export interface Trainer {
  /** One optimiser step on a full batch; the mean loss of the batch before the step. */
  step(batch: Batch, learningRate: number): Promise<{ readonly loss: number }>;
  /** A copy of the parameters and running statistics as they stand. */
  weights(): Promise<Weights>;
  dispose(): Promise<void>;
}

export interface Predictor {
  /** Output of the graph for exactly `batch` images, flattened image after image. The next run may overwrite it. */
  run(images: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface Engine {
  readonly id: EngineId;
  describe(): Promise<EngineState>;
  /** Training form: batch norms use batch statistics and update the running ones. */
  createTrainer(graph: Graph, weights: Weights, options: TrainerOptions): Promise<Trainer>;
  /** Any form: batch norms use running statistics. */
  createPredictor(graph: Graph, weights: Weights, options: PredictorOptions): Promise<Predictor>;
}
