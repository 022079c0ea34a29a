import { z } from 'zod';
import { MOST } from '../user/limits.js';

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
  milestones: z
    .array(z.number().positive().max(MOST.epochs))
    .min(1)
    .max(MOST.values)
    .readonly()
    .describe('epochs after which the rate falls'),
  factor: z.number().positive().lt(1).default(0.1).describe('factor applied to the rate at each milestone'),
});

/** In what the maps and products of training are computed. */
export const PRECISIONS = ['float32', 'bf16'] as const;

/** How a network is trained. Two accuracies are comparable only where the whole recipe is equal. */
export const recipeSchema = z.strictObject({
  epochs: z.int().min(1).max(MOST.epochs).describe('passes over the training images'),
  batch: z
    .int()
    .min(1)
    .max(MOST.batch)
    .describe('images per step; an incomplete last batch of an epoch is dropped'),
  optimizer: optimizer.prefault({ kind: 'sgd' }),
  learningRate: z.number().positive().describe('peak learning rate, reached after warm-up'),
  weightDecay: z
    .number()
    .min(0)
    .default(1e-4)
    .describe(
      'of kernels only, not of batch norms and biases. sgd adds this times the weight to the gradient; adamw subtracts this times the learning rate times the weight from the weight',
    ),
  warmupEpochs: z.number().min(0).max(MOST.epochs).default(0).describe('epochs of linear warm-up from zero'),
  schedule: z
    .union([z.enum(['cosine', 'constant']), steps], {
      error: 'cosine, constant, or { kind: "step", milestones: [epochs], factor }',
    })
    .default('cosine')
    .describe('schedule after warm-up; cosine ends at zero'),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('maximum norm of the gradient over all parameters; larger gradients are scaled down to it'),
  emaDecay: decay()
    .default(0)
    .describe(
      'decay of the moving average of weights and running statistics that is evaluated in their place',
    ),
  labelSmoothing: decay().default(0),
  precision: z
    .enum(PRECISIONS)
    .exactOptional()
    .describe(
      'of training: float32, also where it is left out, or bf16: convolutions and products in bfloat16, weights, their updates, the loss and evaluation in float32. Engine pytorch',
    ),
  deterministic: z
    .boolean()
    .exactOptional()
    .describe(
      "of training and evaluation: PyTorch's deterministic algorithms alone, so that a GPU repeats itself to the bit; an operation that has none fails. CPUs repeat themselves without. Engine pytorch",
    ),
  compiled: z
    .boolean()
    .exactOptional()
    .describe(
      'of training: forward and backward pass by torch.compile, which takes a C++ compiler on the CPU and Triton on a GPU. Engine pytorch',
    ),
  augmentation: z
    .strictObject({
      flip: z.boolean().default(true).describe('mirror left to right with probability 0.5'),
      shift: z
        .int()
        .min(0)
        .max(MOST.pixels)
        .default(2)
        .describe('shift by up to this many pixels along each axis, filled with black'),
      crop: z
        .enum(['shift', 'random-resized'])
        .default('shift')
        .describe(
          'shift: as in evaluation, then shifted; random-resized: a random crop of 8 to 100 % of the area, aspect ratio 3/4 to 4/3, scaled to the input size, then shifted',
        ),
      erase: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('probability that a random rectangle is filled with the mean colour (arXiv:1708.04896)'),
      mixup: z
        .number()
        .min(0)
        .max(2)
        .default(0)
        .describe(
          'mix every image and its label with another, with weights from Beta(mixup, mixup) (arXiv:1710.09412)',
        ),
    })
    .prefault({}),
});

/**
 * A recipe with every field filled in.
 * @interface
 */
export type Recipe = z.infer<typeof recipeSchema>;

/**
 * A recipe as a suite writes it: `epochs`, `batch` and `learningRate` must be there, the others have defaults.
 * @interface
 */
export type RecipeInput = z.input<typeof recipeSchema>;

/** What of a recipe decides a step; the rest is in the batch and the learning rate that the step is given. */
export const stepRecipeSchema = recipeSchema.pick({
  optimizer: true,
  weightDecay: true,
  clipNorm: true,
  emaDecay: true,
  labelSmoothing: true,
  precision: true,
  deterministic: true,
  compiled: true,
  augmentation: true,
});

/**
 * What a single step of training depends on.
 * @interface
 */
export type StepRecipe = z.infer<typeof stepRecipeSchema>;

export type StepRecipeInput = z.input<typeof stepRecipeSchema>;

/** What a recipe may ask for that not every engine does, and whether this one does. */
export const RECIPE_FEATURES = {
  AdamW: ({ optimizer }) => optimizer.kind === 'adamw',
  'gradient clipping': ({ clipNorm }) => clipNorm !== null,
  'a moving average of weights': ({ emaDecay }) => emaDecay > 0,
  mixup: ({ augmentation }) => augmentation.mixup > 0,
  'precision bf16': ({ precision }) => precision === 'bf16',
  'deterministic algorithms': ({ deterministic }) => deterministic === true,
  'torch.compile': ({ compiled }) => compiled === true,
} as const satisfies Readonly<Record<string, (recipe: StepRecipe) => boolean>>;

export type RecipeFeature = keyof typeof RECIPE_FEATURES;

/** Those that only the engine pytorch has. */
export const PYTORCH_FEATURES: readonly RecipeFeature[] = [
  'precision bf16',
  'deterministic algorithms',
  'torch.compile',
];
