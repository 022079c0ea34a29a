import { type StepRecipe, type StepRecipeInput, stepRecipeSchema } from '../../harness/recipe/recipe.js';

/** The default recipe of a step, with the changes given. */
export const stepRecipe = (changes: StepRecipeInput = {}): StepRecipe => stepRecipeSchema.parse(changes);
