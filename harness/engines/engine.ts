/**
 * What an engine must do: describe itself, train a graph, run a graph. An engine that was asked for and is missing is an error;
 * no engine ever falls back to another. Activations go in and come out in batch x channels x height x width, float32.
 */
import type { Batch, UnpaintedBatch } from '../data/batches/batch.js';
import type { UnpaintedImages } from '../data/batches/unpainted.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { Int8Form } from '../quantise/quantise.js';
import type { RecipeFeature, StepRecipe } from '../recipe/recipe.js';

/** What the engines are called, in order of preference. */
export const ENGINE_IDS = ['onnxruntime', 'pytorch', 'tensorflow', 'wasm'] as const;

/** One of `ENGINE_IDS`. */
export type EngineId = (typeof ENGINE_IDS)[number];

/** The process that an engine computes in has ended: another attempt may go well. */
export class EngineProcessEnded extends Error {
  override readonly name = 'EngineProcessEnded';
}

/** Whether an engine works on this machine. */
export type EngineState =
  | { readonly state: 'available'; readonly version: string; readonly device: string }
  | { readonly state: 'missing'; readonly reason: string; readonly remedy: string }
  /** Not made for this platform, whatever one installs. */
  | { readonly state: 'unsupported'; readonly reason: string; readonly remedy: string };

/** How a trainer trains. */
export interface TrainerOptions {
  readonly batch: number;
  readonly threads: number;
  readonly recipe: StepRecipe;
  /** Go on from here; the weights given do not count then. Of the same graph, recipe and engine. */
  readonly checkpoint?: Checkpoint;
}

/** All that training carries from step to step: a trainer made from it goes on bit for bit. */
export interface Checkpoint {
  /** Optimiser steps taken. */
  readonly steps: number;
  /** Parameters, running statistics, moments, averages: by a name of the engine's, and each by parameter path. */
  readonly vectors: ReadonlyMap<string, Weights>;
}

/** How a predictor runs: images in a batch, and threads. */
export interface PredictorOptions {
  readonly batch: number;
  readonly threads: number;
}

/** Share of the batch's statistic in the running one, as in PyTorch; the running variance takes the unbiased variance. */
export const STATISTICS_MOMENTUM = 0.1;

/** A network that is being trained. Dispose of it when it is no longer needed: its memory is not the garbage collector's. */
export interface Trainer {
  /** One optimiser step on a full batch; the mean loss of the batch before the step. */
  step(batch: Batch, learningRate: number): Promise<{ readonly loss: number }>;
  /** The same on images that it paints on its device, where it can. */
  stepUnpainted?(batch: UnpaintedBatch, learningRate: number): Promise<{ readonly loss: number }>;
  /** Whether a step may be asked for while another is computed; they are taken in the order in which they are asked for. */
  readonly queues?: true;
  /** A copy of the parameters and running statistics as they stand, or of their moving averages where the recipe has one. */
  weights(): Promise<Weights>;
  /** A copy of all that the next step depends on. */
  checkpoint(): Promise<Checkpoint>;
  /** Frees its memory; it is not used afterwards. */
  dispose(): Promise<void>;
}

/** A graph ready to run, in whatever form it stands. Dispose of it when it is no longer needed. */
export interface Predictor {
  /** Output of the graph for exactly `batch` images, flattened image after image. The next run may overwrite it, unless runs queue. */
  run(images: Float32Array): Promise<Float32Array>;
  /** The same for images that it paints on its device, where it can. */
  runUnpainted?(images: UnpaintedImages): Promise<Float32Array>;
  /** Whether a run may be asked for while another is computed. */
  readonly queues?: true;
  /** Frees its memory; it is not used afterwards. */
  dispose(): Promise<void>;
}

/** A graph ready to run, of which the values of some nodes are looked at. */
export interface Observer {
  /** For exactly `batch` images, the values of each node by its id, image after image. */
  run(images: Float32Array): Promise<ReadonlyMap<number, Float32Array>>;
  /** Frees its memory; it is not used afterwards. */
  dispose(): Promise<void>;
}

/** What an engine that computes in int8 does beside. */
export interface Int8Engine {
  /** The float32 network, of which these nodes are looked at, for calibration. */
  createObserver(
    graph: Graph,
    weights: Weights,
    nodes: readonly number[],
    options: PredictorOptions,
  ): Promise<Observer>;
  /** Runs an int8 form with integer arithmetic. */
  createPredictor(form: Int8Form, options: PredictorOptions): Promise<Predictor>;
  /** Trains the float32 weights of a form's graph, computing in float32 with the form's rounding and clipping. */
  createTrainer(form: Int8Form, weights: Weights, options: TrainerOptions): Promise<Trainer>;
}

/** What trains graphs and runs them. */
export interface Engine {
  readonly id: EngineId;
  /** What recipes may ask for and it does not do; nothing by default. */
  readonly lacks?: readonly RecipeFeature[];
  /** Threads that it can use at most; any number by default. */
  readonly mostThreads?: number;
  /** Absent where it has no integer arithmetic for networks. */
  readonly int8?: Int8Engine;
  /** The same engine on devices that it takes only where it is told to, by their names. */
  readonly onOtherDevices?: Readonly<Record<string, Engine>>;
  /** Whether it works here, found by trying. */
  describe(): Promise<EngineState>;
  /** Loads what it needs, so that the first trainer is there sooner; it may be left out. */
  load?(): Promise<void>;
  /**
   * Training form: batch norms use batch statistics and update the running ones. Rejects with RangeError where weights or checkpoint are
   * not of this graph and recipe.
   */
  createTrainer(graph: Graph, weights: Weights, options: TrainerOptions): Promise<Trainer>;
  /** Any form: batch norms use running statistics. */
  createPredictor(graph: Graph, weights: Weights, options: PredictorOptions): Promise<Predictor>;
}
