/** Trains a graph with the gradients that TF.js finds by itself. */
import type { Batch } from '../../data/batches/batch.js';
import type { Graph } from '../../graph/graph.js';
import {
  graphParameters,
  isLearnable,
  type Parameter,
  type ParameterRole,
  type Weights,
} from '../../graph/parameters.js';
import { classCount } from '../class-count.js';
import { type Checkpoint, STATISTICS_MOMENTUM, type Trainer, type TrainerOptions } from '../engine.js';
import { onBackend, type TfjsBackend } from './backends/backend.js';
import { tf } from './backends/tf.js';
import { crossEntropy } from './loss.js';
import { forward, type Mode } from './operations/forward.js';
import { asVector, storedTensor, valuesOf } from './operations/tensors.js';
import { sgd } from './optimizer.js';

/** The graph's parameters in execution order; the state's tensors are in theirs. */
interface Layout {
  readonly learnable: readonly Parameter[];
  readonly running: readonly Parameter[];
}

/** What training carries from step to step. TF.js walks it to find the tensors to keep, and to dispose of. */
type State = { values: tf.Tensor[]; momenta: tf.Tensor[]; statistics: tf.Tensor[] };

/** Throws UserError where the graph has no classifier. A step rejects with RangeError where the batch is not a full one. */
export const createTfjsTrainer = async (
  backend: TfjsBackend,
  graph: Graph,
  weights: Weights,
  options: TrainerOptions,
): Promise<Trainer> => {
  classCount(graph);
  const parameters = graphParameters(graph);
  const layout: Layout = {
    learnable: parameters.filter(isLearnable),
    running: parameters.filter((parameter) => !isLearnable(parameter)),
  };
  const { checkpoint } = options;
  let state = await onBackend(backend, () =>
    checkpoint === undefined ? initialState(layout, weights) : restoredState(layout, checkpoint),
  );
  let steps = checkpoint?.steps ?? 0;
  return {
    step: (batch, rate) =>
      onBackend(backend, async () => {
        if (batch.count !== options.batch)
          throw new RangeError(`A step takes ${options.batch} images and got ${batch.count}.`);
        const { loss, ...next } = tf.tidy(() => {
          const gradient = differentiate(backend, graph, layout, state, batch, options.recipe);
          return { loss: gradient.loss, ...nextState(layout, state, gradient, rate, options.recipe) };
        });
        tf.dispose(state);
        state = next;
        steps += 1;
        const [value = Number.NaN] = await valuesOf(loss);
        loss.dispose();
        return { loss: value };
      }),
    weights: () =>
      onBackend(
        backend,
        async () =>
          new Map([
            ...(await valuesByPath(layout.learnable, state.values)),
            ...(await valuesByPath(layout.running, state.statistics)),
          ]),
      ),
    checkpoint: () =>
      onBackend(backend, async () => ({
        steps,
        vectors: new Map([
          ['parameters', new Map(await valuesByPath(layout.learnable, state.values))],
          ['momenta', new Map(await valuesByPath(layout.learnable, state.momenta))],
          ['statistics', new Map(await valuesByPath(layout.running, state.statistics))],
        ]),
      })),
    dispose: () => onBackend(backend, () => tf.dispose(state)),
  };
};

const initialState = ({ learnable, running }: Layout, weights: Weights): State => ({
  values: learnable.map((parameter) => storedTensor(parameter, weights)),
  momenta: learnable.map(({ shape }) => tf.zeros([...shape])),
  statistics: running.map((parameter) => storedTensor(parameter, weights)),
});

const restoredState = ({ learnable, running }: Layout, { vectors }: Checkpoint): State => {
  const tensors = (name: string, parameters: readonly Parameter[]): tf.Tensor[] => {
    const values = vectors.get(name);
    if (!values) throw new RangeError(`The checkpoint has no ${name}.`);
    return parameters.map((parameter) => storedTensor(parameter, values));
  };
  return {
    values: tensors('parameters', learnable),
    momenta: tensors('momenta', learnable),
    statistics: tensors('statistics', running),
  };
};

interface Differentiated {
  readonly loss: tf.Scalar;
  readonly gradients: readonly tf.Tensor[];
  /** Of the batch: what the running statistics move towards. */
  readonly statistics: readonly tf.Tensor[];
}

const differentiate = (
  backend: TfjsBackend,
  graph: Graph,
  { learnable, running }: Layout,
  state: State,
  batch: Batch,
  { labelSmoothing }: TrainerOptions['recipe'],
): Differentiated => {
  const [channels, height, width] = graph.input.shape;
  const images = tf.tensor4d(batch.images, [batch.count, channels, height, width]);
  const labels = tf.tensor1d(batch.labels, 'int32');
  const seen = new Map<string, tf.Tensor>();
  const { value, grads } = tf.valueAndGrads((...values) => {
    const parameters = new Map(learnable.map(({ path }, i) => [path, at(values, i)]));
    return crossEntropy(
      forward(graph, images, trainingMode(backend, parameters, seen)),
      labels,
      labelSmoothing,
    );
  })(state.values);
  return { loss: value, gradients: grads, statistics: running.map(({ path }) => found(seen, path)) };
};

/** Batch norms by the batch's statistics, which `seen` keeps, the variance unbiased. */
const trainingMode = (
  { normaliseBatch }: TfjsBackend,
  parameters: ReadonlyMap<string, tf.Tensor>,
  seen: Map<string, tf.Tensor>,
): Mode => {
  const parameter: Mode['parameter'] = (path, arrange = (stored) => stored) =>
    arrange(found(parameters, path));
  return {
    parameter,
    batchNorm: (x, epsilon, pathOf) => {
      const vector = (role: ParameterRole): tf.Tensor1D => asVector(parameter(pathOf(role)));
      const { output, mean, variance } = normaliseBatch(x, vector('gamma'), vector('beta'), epsilon);
      const length = x.size / mean.size;
      seen.set(pathOf('running-mean'), tf.keep(mean));
      seen.set(pathOf('running-variance'), tf.keep(tf.mul(variance, length / Math.max(length - 1, 1))));
      return output;
    },
  };
};

/** Disposes of the batch's statistics. */
const nextState = (
  { learnable }: Layout,
  { values, momenta, statistics }: State,
  batch: Differentiated,
  rate: number,
  recipe: TrainerOptions['recipe'],
): State => {
  const updated = learnable.map(({ role }, i) =>
    sgd(role, recipe, rate, {
      value: at(values, i),
      momentum: at(momenta, i),
      gradient: at(batch.gradients, i),
    }),
  );
  const blended = statistics.map((running, i) => {
    const kept = tf.mul(running, 1 - STATISTICS_MOMENTUM);
    return tf.add(kept, tf.mul(at(batch.statistics, i), STATISTICS_MOMENTUM));
  });
  tf.dispose([...batch.statistics]);
  return {
    values: updated.map(({ value }) => value),
    momenta: updated.map(({ momentum }) => momentum),
    statistics: blended,
  };
};

const valuesByPath = (
  parameters: readonly Parameter[],
  tensors: readonly tf.Tensor[],
): Promise<[string, Float32Array][]> =>
  Promise.all(parameters.map(async ({ path }, i) => [path, await valuesOf(at(tensors, i))]));

const at = (tensors: readonly tf.Tensor[], i: number): tf.Tensor => {
  const tensor = tensors[i];
  if (!tensor) throw new RangeError(`The training state holds ${tensors.length} tensors, not ${i + 1}.`);
  return tensor;
};

const found = (tensors: ReadonlyMap<string, tf.Tensor>, path: string): tf.Tensor => {
  const tensor = tensors.get(path);
  if (!tensor) throw new RangeError(`${path} has no tensor.`);
  return tensor;
};
