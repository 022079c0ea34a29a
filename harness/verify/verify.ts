/**
 * The proof, on this machine, that engines compute what a reference engine does from equal weights and images: outputs, one training
 * step, and training as it goes on.
 */

import type { Batch } from '../data/batches/batch.js';
import { classCount } from '../engines/class-count.js';
import type { Engine, TrainerOptions } from '../engines/engine.js';
import type { Graph } from '../graph/graph.js';
import { graphParameters, isLearnable, type Parameter, type Weights } from '../graph/parameters.js';
import { elementCount } from '../graph/shape.js';
import { randomStream } from '../random.js';
import { stepRecipeSchema } from '../recipe/recipe.js';
import { randomStatistics } from '../rewrite/statistics.js';
import { initialWeights } from '../train/initialise.js';

/**
 * What rounding to float32 may amount to, each a share of the size of what is compared. Sums are taken in another order. Every layer
 * passes a difference on, a batch norm of a channel that hardly varies enlarges it, and a ReLU whose input is within rounding of zero
 * is open in one engine and shut in the other.
 */
export const TOLERANCE = {
  /** Inference: the largest difference over the largest output. */
  outputs: 1e-5,
  /** One training step: its loss. */
  loss: 1e-5,
  /** The same step: the norm of the gradient's difference over the gradient's norm. */
  gradient: 1e-3,
  /** As `gradient` for one parameter, the worst. */
  'worst gradient of a parameter': 1e-2,
  /** The same step: the largest difference of a running statistic, in units of its layer. */
  statistics: 1e-5,
  /** Many steps: the largest difference of a loss. */
  training: 2e-3,
} as const;

export interface EngineCheck {
  readonly what: keyof typeof TOLERANCE;
  readonly difference: number;
  readonly tolerance: number;
  /** Whether the difference is a number within the tolerance. */
  readonly agrees: boolean;
}

export interface VerifyOptions {
  readonly seed: number;
  /** Steps of training to compare; none where 0. */
  readonly steps: number;
}

const BATCH = 4;

/** What one engine computed. */
export interface Results {
  readonly outputs: Float32Array;
  readonly step: Trained;
  readonly training: Trained | null;
}

interface Trained {
  readonly losses: readonly number[];
  readonly weights: Weights;
}

/**
 * The checks of each engine, in order. Throws UserError where the graph has no classifier, and whatever an engine throws that cannot
 * run it.
 */
export const verifyEngines = async (
  reference: Engine,
  engines: readonly Engine[],
  graph: Graph,
  { seed, steps }: VerifyOptions,
): Promise<readonly (readonly EngineCheck[])[]> => {
  const start = verificationStart(graph, seed);
  const expected = await resultsOf(reference, start, steps);
  const checks: (readonly EngineCheck[])[] = [];
  for (const engine of engines) checks.push(compare(start, await resultsOf(engine, start, steps), expected));
  return checks;
};

/** What all engines start from. */
export interface Start {
  readonly graph: Graph;
  readonly weights: Weights;
  /** The same with statistics as a trained network has them: what is run. */
  readonly trained: Weights;
  readonly batch: Batch;
}

/** Throws UserError where the graph has no classifier. */
export const verificationStart = (graph: Graph, seed: number): Start => {
  const weights = initialWeights(graph, seed);
  const trained = randomStatistics(graph, weights, randomStream(seed, 'statistics'));
  return { graph, weights, trained, batch: randomBatch(graph, seed) };
};

/** Images of normal pixels, and labels in turn. */
const randomBatch = (graph: Graph, seed: number): Batch => {
  const stream = randomStream(seed, 'images');
  const classes = classCount(graph);
  return {
    images: Float32Array.from({ length: BATCH * elementCount(graph.input.shape) }, () => stream.normal()),
    labels: Int32Array.from({ length: BATCH }, (_, i) => i % classes),
    count: BATCH,
  };
};

/** A gradient is what a step of plain SGD takes off the weights. */
const PLAIN = stepRecipeSchema.parse({
  optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
  weightDecay: 0,
  labelSmoothing: 0.1,
});

/** So large that what is left of the weights does not round the gradient, and a power of two, which rounds nothing by itself. */
const GRADIENT_RATE = 2 ** 12;

const RECIPE = stepRecipeSchema.parse({ weightDecay: 1e-3, labelSmoothing: 0.1 });

const RATE = 0.01;

/** How the step, and the training that goes on, are made. */
export const VERIFIED = {
  step: { recipe: PLAIN, rate: GRADIENT_RATE },
  training: { recipe: RECIPE, rate: RATE },
} as const;

/** The engine's outputs, one step, and so many steps of training; no training where 0. */
export const resultsOf = async (engine: Engine, start: Start, steps: number): Promise<Results> => ({
  outputs: await infer(engine, start),
  step: await train(engine, start, VERIFIED.step, 1),
  training: steps === 0 ? null : await train(engine, start, VERIFIED.training, steps),
});

const infer = async (engine: Engine, { graph, trained, batch }: Start): Promise<Float32Array> => {
  const predictor = await engine.createPredictor(graph, trained, { batch: BATCH, threads: 1 });
  try {
    return Float32Array.from(await predictor.run(batch.images));
  } finally {
    await predictor.dispose();
  }
};

const train = async (
  engine: Engine,
  { graph, weights, batch }: Start,
  { recipe, rate }: { readonly recipe: TrainerOptions['recipe']; readonly rate: number },
  steps: number,
): Promise<Trained> => {
  const trainer = await engine.createTrainer(graph, weights, { batch: BATCH, threads: 1, recipe });
  try {
    const losses: number[] = [];
    for (let step = 0; step < steps; step += 1) losses.push((await trainer.step(batch, rate)).loss);
    return { losses, weights: await trainer.weights() };
  } finally {
    await trainer.dispose();
  }
};

const compare = (start: Start, actual: Results, expected: Results): readonly EngineCheck[] => {
  const gradients = compareGradients(start, actual.step.weights, expected.step.weights);
  return [
    check('outputs', largestDifference(actual.outputs, expected.outputs) / largest(expected.outputs)),
    check('loss', worstLoss(actual.step, expected.step)),
    check('gradient', gradients.whole),
    check('worst gradient of a parameter', gradients.worst),
    check('statistics', compareStatistics(start.graph, actual.step.weights, expected.step.weights)),
    ...(actual.training && expected.training
      ? [check('training', worstLoss(actual.training, expected.training))]
      : []),
  ];
};

const check = (what: EngineCheck['what'], difference: number): EngineCheck => ({
  what,
  difference,
  tolerance: TOLERANCE[what],
  agrees: difference <= TOLERANCE[what],
});

const worstLoss = (actual: Trained, expected: Trained): number =>
  Math.max(
    ...expected.losses.map((loss, i) => Math.abs((actual.losses[i] ?? Number.NaN) - loss) / Math.abs(loss)),
  );

/** A parameter whose true gradient is zero, as of a bias before a batch norm, has only rounding: less than this share of the whole. */
const NOISE = 1e-3;

const compareGradients = (
  { graph, weights }: Start,
  actual: Weights,
  expected: Weights,
): { readonly whole: number; readonly worst: number } => {
  const norms = graphParameters(graph)
    .filter(isLearnable)
    .map((parameter) => ({
      difference: distance(valuesOf(actual, parameter), valuesOf(expected, parameter)),
      size: distance(valuesOf(weights, parameter), valuesOf(expected, parameter)),
    }));
  const whole = Math.hypot(...norms.map(({ size }) => size));
  return {
    whole: Math.hypot(...norms.map(({ difference }) => difference)) / whole,
    worst: Math.max(...norms.map(({ difference, size }) => difference / (size + NOISE * whole))),
  };
};

/** Running statistics start from mean 0 and variance 1, so that their layer's unit is at least about that. */
const compareStatistics = (graph: Graph, actual: Weights, expected: Weights): number =>
  graphParameters(graph)
    .filter((parameter) => !isLearnable(parameter))
    .map((parameter) => {
      const wanted = valuesOf(expected, parameter);
      return largestDifference(valuesOf(actual, parameter), wanted) / Math.max(1, largest(wanted));
    })
    .reduce((most, difference) => Math.max(most, difference), 0);

const valuesOf = (weights: Weights, { path }: Parameter): Float32Array => {
  const values = weights.get(path);
  if (!values) throw new RangeError(`${path} has no values.`);
  return values;
};

/** Not a number where a value is none. */
const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? Number.NaN)) ** 2, 0));
