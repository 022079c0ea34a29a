import { type Recipe, type RecipeInput, recipeSchema } from '../../harness/train/recipe.js';

/** The default recipe of one image and epoch, with the changes given. */
export const stepRecipe = (changes: Partial<RecipeInput> = {}): Recipe =>
  recipeSchema.parse({ epochs: 1, batch: 1, learningRate: 1, ...changes });
