import type { Engine } from '../engines/engine.js';
import { UserError } from '../user-error.js';
import { RECIPE_FEATURES, type StepRecipe } from './recipe.js';

/** Throws UserError where the engine cannot use so many threads. */
export const requireThreads = (
  { id, mostThreads = Number.POSITIVE_INFINITY }: Pick<Engine, 'id' | 'mostThreads'>,
  threads: number,
): void => {
  if (threads <= mostThreads) return;
  throw new UserError(
    `The engine ${id} runs on ${mostThreads} ${mostThreads === 1 ? 'thread' : 'threads'} at most and was asked for ${threads}.`,
    `Set threads to ${mostThreads}, or use another engine.`,
  );
};

/** Throws UserError where the recipe asks for what the engine does not do. */
export const requireEngineFor = ({ id, lacks = [] }: Engine, recipe: StepRecipe): void => {
  const missing = lacks.filter((feature) => RECIPE_FEATURES[feature](recipe));
  if (missing.length === 0) return;
  throw new UserError(
    `The recipe asks for ${missing.join(', ')}: the engine ${id} does not do that.`,
    'Use the engine onnxruntime, or change the recipe.',
  );
};
