import { PYTORCH_FEATURES, RECIPE_FEATURES, type Recipe, type StepRecipe } from '../recipe/recipe.js';
import { UserError } from '../user/user-error.js';
import type { Engine, Int8Engine } from './engine.js';

/** Throws UserError where the engine cannot use so many threads. */
export const requireThreads = (
  { id, mostThreads = Number.POSITIVE_INFINITY }: Pick<Engine, 'id' | 'mostThreads'>,
  threads: number,
): void => {
  if (threads <= mostThreads) return;
  throw new UserError(
    `The engine ${id} supports at most ${mostThreads} ${mostThreads === 1 ? 'thread' : 'threads'}; ${threads} were requested.`,
    `Set threads to ${mostThreads}, or use another engine.`,
  );
};

/** Throws UserError where the recipe asks for what the engine does not do. */
export const requireEngineFor = ({ id, lacks = [] }: Engine, recipe: StepRecipe): void => {
  const missing = lacks.filter((feature) => RECIPE_FEATURES[feature](recipe));
  if (missing.length === 0) return;
  throw new UserError(
    `The recipe uses ${missing.join(', ')}, which the engine ${id} does not support.`,
    `Use the engine ${missing.some((feature) => PYTORCH_FEATURES.includes(feature)) ? 'pytorch' : 'onnxruntime'}, or change the recipe.`,
  );
};

/** The engine's int8. Throws UserError where it has none. */
export const requireInt8 = ({ id, int8 }: Pick<Engine, 'id' | 'int8'>): Int8Engine => {
  if (int8 !== undefined) return int8;
  throw new UserError(
    `The engine ${id} does not run networks in int8 here.`,
    'Use the engine onnxruntime on the CPU.',
  );
};

/** Optimiser steps in an epoch; the last, incomplete batch is left out. Throws UserError where the images are fewer than a batch. */
export const stepsInEpoch = (images: number, batch: number): number => {
  if (images >= batch) return Math.floor(images / batch);
  throw new UserError(
    `The recipe's batch of ${batch} is larger than the ${images} training images.`,
    'Use a smaller batch or more images.',
  );
};

/** Throws UserError where training ends before the warm-up does: the recipe's learning rate would never be used. */
export const requireWarmup = (
  { epochs, warmupEpochs, learningRate }: Pick<Recipe, 'epochs' | 'warmupEpochs' | 'learningRate'>,
  stepsPerEpoch: number,
): void => {
  if (warmupEpochs * stepsPerEpoch <= epochs * stepsPerEpoch - 1) return;
  throw new UserError(
    `A warm-up of ${inEpochs(warmupEpochs)} takes up the whole training of ${inEpochs(epochs)}: the learning rate ${learningRate} is never reached.`,
    'Reduce warmupEpochs, or train for more epochs.',
  );
};

const inEpochs = (count: number): string => `${count} ${count === 1 ? 'epoch' : 'epochs'}`;

/** Throws UserError where images may be moved off the canvas whole. */
export const requireShift = (
  { augmentation: { shift } }: Pick<Recipe, 'augmentation'>,
  size: number,
): void => {
  if (shift < size) return;
  throw new UserError(
    `A shift by up to ${shift} pixels moves images of ${size}x${size} out of sight.`,
    'Set augmentation.shift to a few pixels.',
  );
};
