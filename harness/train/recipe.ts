import { z } from 'zod';

const decay = () => z.number().min(0).lt(1);

const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: decay().default(0.9),
    nesterov: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: decay().default(0.9).describe('decay of the mean of gradients'),
    beta2: decay().default(0.999).describe('decay of the mean of squared gradients'),
    epsilon: z.number().positive().default(1e-8).describe('added to the root of the mean square'),
  }),
]);

const steps = z.strictObject({
  kind: z.literal('step'),
  milestones: z.array(z.number().positive()).min(1).readonly().describe('epochs after which the rate falls'),
  factor: z.number().positive().lt(1).default(0.1).describe('what the rate is multiplied by'),
});

/** How a network is trained. Two accuracies are comparable only where the whole recipe is equal. */
export const recipeSchema = z.strictObject({
  epochs: z.int().min(1).describe('passes over the training images'),
  batch: z.int().min(1).describe('images in one step; the last, incomplete batch of an epoch is left out'),
  optimizer: optimizer.prefault({ kind: 'sgd' }),
  learningRate: z.number().positive().describe('peak learning rate, reached after warm-up'),
  weightDecay: z
    .number()
    .min(0)
    .default(1e-4)
    .describe(
      'of kernels; batch norms and biases are exempt. sgd adds weight times this to the gradient; adamw takes weight times this times the learning rate off the weight',
    ),
  warmupEpochs: z.number().min(0).default(0).describe('epochs of linear warm-up from zero'),
  schedule: z
    .union([z.enum(['cosine', 'constant']), steps], {
      error: 'cosine, constant, or { kind: "step", milestones: [epochs], factor }',
    })
    .default('cosine')
    .describe('after warm-up; cosine ends at zero'),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('largest norm of the gradient of all parameters together; a larger one is scaled down to it'),
  emaDecay: decay()
    .default(0)
    .describe('decay of a moving average of weights and running statistics, which then is what is evaluated'),
  labelSmoothing: decay().default(0),
  augmentation: z
    .strictObject({
      flip: z.boolean().default(true).describe('mirror left-right with probability one half'),
      shift: z.int().min(0).default(2).describe('move by up to this many pixels on each axis, black outside'),
      crop: z
        .enum(['shift', 'random-resized'])
        .default('shift')
        .describe(
          'shift: as in evaluation, then moved; random-resized: before that, a random 8 to 100 % of the area, of ratio 3/4 to 4/3, scaled to the network',
        ),
      erase: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('probability that a random rectangle takes the mean colour (arXiv:1708.04896)'),
      mixup: z
        .number()
        .min(0)
        .max(2)
        .default(0)
        .describe('mix every image and its label with another by Beta(mixup, mixup) (arXiv:1710.09412)'),
    })
    .prefault({}),
});

export type Recipe = z.infer<typeof recipeSchema>;

export type RecipeInput = z.input<typeof recipeSchema>;

/** What of a recipe decides a step; the rest is in the batch and the learning rate that the step is given. */
export const stepRecipeSchema = recipeSchema.pick({
  optimizer: true,
  weightDecay: true,
  clipNorm: true,
  emaDecay: true,
  labelSmoothing: true,
  augmentation: true,
});

export type StepRecipe = z.infer<typeof stepRecipeSchema>;

export type StepRecipeInput = z.input<typeof stepRecipeSchema>;

/** What a recipe may ask for that not every engine does, and whether this one does. */
export const RECIPE_FEATURES = {
  AdamW: ({ optimizer }) => optimizer.kind === 'adamw',
  'gradient clipping': ({ clipNorm }) => clipNorm !== null,
  'a moving average of weights': ({ emaDecay }) => emaDecay > 0,
  mixup: ({ augmentation }) => augmentation.mixup > 0,
} as const satisfies Readonly<Record<string, (recipe: StepRecipe) => boolean>>;

export type RecipeFeature = keyof typeof RECIPE_FEATURES;
