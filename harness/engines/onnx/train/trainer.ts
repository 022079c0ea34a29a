/** Runs the training model step by step, feeding each step's state back in. */
import type { Batch } from '../../../data/batches/batch.js';
import type { Graph } from '../../../graph/graph.js';
import type { Weights } from '../../../graph/parameters.js';
import type { Int8Form } from '../../../quantise/quantise.js';
import type { Trainer, TrainerOptions } from '../../engine.js';
import { blockSize } from '../block-size.js';
import { InferenceSession, Tensor } from '../native.js';
import { sessionSettings } from '../predictor-model.js';
import type { Provider } from '../provider.js';
import { LOSS, trainingModel } from './training-model.js';
import { stepScalars } from './update/scalars.js';
import { type StateLayout, unflatten } from './update/state.js';
import {
  initialVector,
  outputOf,
  restoredVector,
  type StateTensors,
  type StateVector,
  stateVectors,
  vectorOf,
  vectorPieces,
} from './update/vectors.js';

/**
 * Throws UserError where the graph has no classifier, RangeError where weights or checkpoint do not fit it. A step rejects with RangeError where the batch is not a full one, or is mixed and
 * the recipe has no mixup, or the other way round. With an int8 form of the graph, as `createTrainer` of `Int8Engine` says.
 */
export const createOnnxTrainer = async (
  graph: Graph,
  weights: Weights,
  options: TrainerOptions,
  provider: Provider,
  int8?: Int8Form,
): Promise<Trainer> => {
  const { recipe, threads, checkpoint } = options;
  const { bytes, layout } = trainingModel(graph, {
    ...options,
    block: provider === 'cpu' ? await blockSize() : null,
    ...(int8 === undefined ? {} : { int8 }),
  });
  const vectors = stateVectors(recipe);
  let state = new Map(
    vectors.map((name) => {
      const values =
        checkpoint === undefined
          ? initialVector(layout, name, weights)
          : restoredVector(layout, name, checkpoint);
      return [name, vector(values)];
    }),
  );
  // Every step reads one set of tensors and writes the other, so that no state is ever allocated anew.
  let spare = new Map([...state].map(([name, { size }]) => [name, vector(new Float32Array(size))]));
  let steps = checkpoint?.steps ?? 0;
  const session = await InferenceSession.create(bytes, trainingOptions(threads, provider));

  return {
    step: async (batch, learningRate) => {
      const scalars = stepScalars(recipe, steps + 1, learningRate);
      const results = await session.run(
        {
          ...batchInputs(batch, graph, options),
          ...Object.fromEntries([...scalars].map(([name, value]) => [name, scalar(value)])),
          ...Object.fromEntries(state),
        },
        { [LOSS]: null, ...Object.fromEntries([...spare].map(([name, tensor]) => [outputOf(name), tensor])) },
      );
      [state, spare] = [spare, state];
      steps += 1;
      return { loss: floats(resultOf(results, LOSS))[0] ?? Number.NaN };
    },
    weights: async () => {
      const evaluated = recipe.emaDecay > 0 ? AVERAGED : TRAINED;
      return new Map(evaluated.flatMap((name) => valuesByPath(layout, name, state)));
    },
    checkpoint: async () => ({
      steps,
      vectors: new Map(vectors.map((name) => [name, new Map(valuesByPath(layout, name, state))])),
    }),
    dispose: () => session.release(),
  };
};

/**
 * Without a memory pattern: onnxruntime would lay out a second arena by it and keep the first, which doubles the memory. Values that are
 * rounded for the int8 form stay float32 values: their operations are not to become integer ones.
 */
export const trainingOptions = (threads: number, provider: Provider): InferenceSession.SessionOptions => {
  const settings = sessionSettings(threads, provider);
  return {
    ...settings,
    enableMemPattern: false,
    extra: { session: { ...settings.extra.session, disable_quant_qdq: '1' } },
  };
};

const TRAINED = ['parameters', 'statistics'] as const;
const AVERAGED = ['mean_parameters', 'mean_statistics'] as const;

const valuesByPath = (layout: StateLayout, name: StateVector, state: StateTensors<Tensor>) =>
  unflatten(vectorPieces(layout, name), floats(vectorOf(state, name)));

const batchInputs = (
  { images, labels, count, mixed }: Batch,
  graph: Graph,
  { batch, recipe: { augmentation } }: TrainerOptions,
): Record<string, Tensor> => {
  if (count !== batch) throw new RangeError(`A step takes ${batch} images and got ${count}.`);
  if ((mixed !== undefined) !== augmentation.mixup > 0) {
    throw new RangeError(
      `The recipe has a mixup of ${augmentation.mixup} and the batch ${mixed ? 'is' : 'is not'} mixed.`,
    );
  }
  return {
    images: new Tensor('float32', images, [count, ...graph.input.shape]),
    labels: indices(labels),
    ...(mixed === undefined ? {} : { second_labels: indices(mixed.labels), shares: vector(mixed.shares) }),
  };
};

const vector = (values: Float32Array): Tensor => new Tensor('float32', values, [values.length]);

const scalar = (value: number): Tensor => new Tensor('float32', Float32Array.of(value), []);

const indices = (values: Int32Array): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);

const resultOf = (results: InferenceSession.ReturnType, name: string): Tensor => {
  const tensor = results[name];
  if (!tensor) throw new RangeError(`The training model gave no ${name}.`);
  return tensor as Tensor;
};

const floats = (tensor: Tensor): Float32Array => {
  if (tensor.data instanceof Float32Array) return tensor.data;
  throw new TypeError(`Expected float32 and got ${tensor.type}.`);
};
