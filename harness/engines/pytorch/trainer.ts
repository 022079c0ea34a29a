/** Trains a graph in the Python process, where all state stays between steps. */
import type { Batch } from '../../data/batches/batch.js';
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import { classCount } from '../class-count.js';
import type { Trainer, TrainerOptions } from '../engine.js';
import { stepScalars } from '../onnx/train/update/scalars.js';
import { unflatten } from '../onnx/train/update/state.js';
import { type StateVector, vectorPieces, vectorSize } from '../onnx/train/update/vectors.js';
import type { Place } from './device.js';
import { type Painting, paintRequest } from './painting.js';
import { type PayloadArray, pythonProcess } from './process.js';
import { trainerRequest } from './requests.js';

/**
 * Throws UserError where the graph has no classifier, RangeError where weights or checkpoint do not fit it. A step rejects with RangeError
 * where the batch is not a full one, or is mixed and the recipe has no mixup, or the other way round.
 */
export const createTorchTrainer = async (
  graph: Graph,
  weights: Weights,
  options: TrainerOptions,
  { device, paints }: Place,
): Promise<Trainer> => {
  classCount(graph);
  const { layout, names, request, payload } = trainerRequest(graph, weights, options);
  const { batch, threads, recipe } = options;
  let { steps } = request;
  const python = await pythonProcess();
  const common = { handle: python.newHandle(), threads };
  await python.ask({ ...request, ...common, device }, payload);
  const valuesOf = async (wanted: readonly StateVector[]): Promise<Map<StateVector, Weights>> => {
    const values = await python.ask({ ask: 'vectors', ...common, names: wanted });
    let offset = 0;
    return new Map(
      wanted.map((name) => {
        const flat = values.subarray(offset, offset + vectorSize(layout, name));
        offset += flat.length;
        return [name, new Map(unflatten(vectorPieces(layout, name), flat))];
      }),
    );
  };
  const step = async (
    images: readonly PayloadArray[],
    targets: readonly PayloadArray[],
    rate: number,
    painting?: Painting,
  ): Promise<{ readonly loss: number }> => {
    steps += 1;
    const meanShare = stepScalars(recipe, steps, rate).get('mean_share') ?? null;
    const [loss = Number.NaN] = await python.ask(
      { ask: 'step', ...common, rate, meanShare, tail: targets.length, painting },
      [...images, ...targets],
    );
    return { loss };
  };
  const stepUnpainted: Trainer['stepUnpainted'] = async (full, rate) => {
    const targets = targetsOf(full, batch, recipe);
    const { painting, payload } = paintRequest(full.images);
    return step(payload, targets, rate, painting);
  };
  return {
    step: async (full, rate) => step([full.images], targetsOf(full, batch, recipe), rate),
    ...(paints ? { stepUnpainted } : {}),
    queues: true,
    weights: async () => {
      const evaluated = recipe.emaDecay > 0 ? AVERAGED : TRAINED;
      return new Map([...(await valuesOf(evaluated)).values()].flatMap((values) => [...values]));
    },
    checkpoint: async () => ({ steps, vectors: await valuesOf(names) }),
    dispose: async () => void (await python.ask({ ask: 'forget', ...common })),
  };
};

const TRAINED = ['parameters', 'statistics'] as const;
const AVERAGED = ['mean_parameters', 'mean_statistics'] as const;

const targetsOf = (
  { labels, count, mixed }: Omit<Batch, 'images'>,
  batch: number,
  { augmentation: { mixup } }: TrainerOptions['recipe'],
): readonly PayloadArray[] => {
  if (count !== batch) throw new RangeError(`A step takes ${batch} images and got ${count}.`);
  if ((mixed !== undefined) !== mixup > 0) {
    throw new RangeError(
      `The recipe has a mixup of ${mixup} and the batch ${mixed ? 'is' : 'is not'} mixed.`,
    );
  }
  return [labels, ...(mixed === undefined ? [] : [mixed.labels, mixed.shares])];
};
