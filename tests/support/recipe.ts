import { type StepRecipe, type StepRecipeInput, stepRecipeSchema } from '../../harness/train/recipe.js';

/** The default recipe of a step, with the changes given. */
export const stepRecipe = (changes: StepRecipeInput = {}): StepRecipe => stepRecipeSchema.parse(changes);
