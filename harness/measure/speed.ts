/** How fast one network runs or trains here, by itself: for orientation, not for comparison. */
import { Bench } from 'tinybench';
import type { Engine, Predictor, PredictorOptions } from '../engines/engine.js';
import { requireInt8 } from '../engines/requirements.js';
import type { Graph } from '../graph/graph.js';
import { elementCount } from '../graph/shape.js';
import { randomStream } from '../random.js';
import { recipeSchema } from '../recipe/recipe.js';
import { ALPHA } from '../stats/inference.js';
import { roundsInference } from '../stats/rounds.js';
import { initialWeights } from '../train/initialise.js';
import { contenderOf } from './deploy-contender.js';
import type { GraphContender, TimedForm } from './latency/latency-measurement.js';
import { peakMemoryBytes } from './machine/memory.js';
import { randomlyCalibrated } from './random-calibration.js';
import { trainable } from './trainable.js';

/** What is timed, and for how long. */
export interface SpeedOptions {
  /** Inference runs the deploy form or the int8 form, training whole optimiser steps of the training form. */
  readonly mode: 'inference' | 'training';
  /** Of inference; `deploy` by default. */
  readonly form?: TimedForm;
  readonly batch: number;
  readonly threads: number;
  /** How long to measure, after the warm-up. */
  readonly seconds: number;
}

/** Times of one network by itself. Not to be compared with those of another process or day. */
export interface Speed {
  /** Of one batch. */
  readonly medianMs: number;
  readonly interval95Ms: [number, number];
  readonly imagesPerSecond: number;
  readonly samples: number;
  readonly peakMemoryBytes: number;
}

/** An operator or a block trains between a batch norm and a classifier, which are timed with it. */
export const measureSpeed = async (
  engine: Engine,
  graph: Graph,
  { mode, form = 'deploy', batch, threads, seconds }: SpeedOptions,
): Promise<Speed> => {
  const prepared =
    mode === 'inference'
      ? await prepareInference(engine, graph, form, { batch, threads })
      : await prepareTraining(engine, graph, batch, threads);
  const bench = new Bench({
    time: 1000 * seconds,
    iterations: MIN_SAMPLES,
    warmupTime: 250 * seconds,
    warmupIterations: 2,
    retainSamples: true,
    throws: true,
  });
  bench.add('network', prepared.run, { async: true });
  const [task] = await bench.run();
  await prepared.dispose();
  const samples = task?.result.state === 'completed' ? (task.result.latency.samples ?? []) : [];
  const { value, interval } = roundsInference([samples]);
  const [low, high] = interval(ALPHA);
  return {
    medianMs: value,
    interval95Ms: [low, high],
    imagesPerSecond: (1000 * batch) / value,
    samples: samples.length,
    peakMemoryBytes: peakMemoryBytes(),
  };
};

const MIN_SAMPLES = 5;
const SEED = 0;

interface Prepared {
  readonly run: () => Promise<unknown>;
  readonly dispose: () => Promise<void>;
}

const randomImages = ({ input }: Graph, batch: number): Float32Array => {
  const stream = randomStream(SEED, 'images');
  return Float32Array.from({ length: batch * elementCount(input.shape) }, () => stream.uniform());
};

const prepareInference = async (
  engine: Engine,
  graph: Graph,
  form: TimedForm,
  options: PredictorOptions,
): Promise<Prepared> => {
  const contender = contenderOf('network', graph);
  const predictor = await predictorOf(engine, contender, form, options);
  const images = randomImages(graph, options.batch);
  return { run: () => predictor.run(images), dispose: () => predictor.dispose() };
};

const predictorOf = async (
  engine: Engine,
  contender: GraphContender,
  form: TimedForm,
  options: PredictorOptions,
): Promise<Predictor> => {
  if (form === 'deploy') return engine.createPredictor(contender.graph, contender.weights, options);
  const int8 = requireInt8(engine);
  return int8.createPredictor(await randomlyCalibrated(int8, contender, 'per-channel'), options);
};

const prepareTraining = async (
  engine: Engine,
  graph: Graph,
  batch: number,
  threads: number,
): Promise<Prepared> => {
  const network = trainable(graph);
  const recipe = recipeSchema.parse({ epochs: 1, batch, learningRate: 0.01 });
  const trainer = await engine.createTrainer(network, initialWeights(network, SEED), {
    batch,
    threads,
    recipe,
  });
  const step = {
    images: randomImages(graph, batch),
    labels: Int32Array.from({ length: batch }, (_, i) => i % network.output.shape[0]),
    count: batch,
  };
  return { run: () => trainer.step(step, recipe.learningRate), dispose: () => trainer.dispose() };
};
