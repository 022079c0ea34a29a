import { z } from 'zod';

/** How a network is trained. Two accuracies are comparable only where the whole recipe is equal. */
export const recipeSchema = z.strictObject({
  epochs: z.int().min(1).describe('passes over the training images'),
  batch: z.int().min(1).describe('images in one step; the last, incomplete batch of an epoch is left out'),
  optimizer: z.literal('sgd').default('sgd'),
  learningRate: z.number().positive().describe('peak learning rate, reached after warm-up'),
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(true),
  weightDecay: z
    .number()
    .min(0)
    .default(1e-4)
    .describe('added to the gradient of kernels; batch norms and biases are exempt'),
  warmupEpochs: z.number().min(0).default(0).describe('epochs of linear warm-up from zero'),
  schedule: z.enum(['cosine', 'constant']).default('cosine').describe('after warm-up; cosine ends at zero'),
  labelSmoothing: z.number().min(0).lt(1).default(0),
  augmentation: z
    .strictObject({
      flip: z.boolean().default(true).describe('mirror left-right with probability one half'),
      shift: z.int().min(0).default(2).describe('move by up to this many pixels on each axis, zeros outside'),
      crop: z
        .enum(['shift', 'random-resized'])
        .default('shift')
        .describe(
          'shift: as in evaluation, then moved; random-resized: before that, a random 8 to 100 % of the area, of ratio 3/4 to 4/3, scaled to the network',
        ),
    })
    .prefault({}),
});

export type Recipe = z.infer<typeof recipeSchema>;

export type RecipeInput = z.input<typeof recipeSchema>;
