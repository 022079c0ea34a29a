/** What `seed-spread.ts` compares: groups of settings, each as it differs from the first of its group. */
import type { OptionValue } from '../blocks/part.js';
import { type Recipe, type RecipeInput, recipeSchema } from '../harness/recipe/recipe.js';

/** A block, one without a spatial operator, and in some groups another published one, of about the same costs. */
export type Blocks =
  | readonly [block: string, floor: string]
  | readonly [block: string, floor: string, other: string];

/** All that decides what a trial costs and how its accuracy spreads, but the seed. */
export interface Setting {
  readonly dataset: string;
  readonly trainImages: number;
  readonly skeleton: Readonly<Record<string, OptionValue>>;
  readonly blocks: Blocks;
  readonly recipe: Recipe;
}

export interface Group {
  readonly title: string;
  readonly settings: Readonly<Record<string, Setting>>;
}

type Skeleton = Pick<Setting, 'skeleton' | 'blocks'>;

const twoBlocks = (block: number, floor: number) =>
  [`inverted-residual(expansion=${block})`, `meta-light(expansion=${floor},spatial=identity)`] as const;

const threeBlocks = (block: number, floor: number, other: number) =>
  [...twoBlocks(block, floor), `fasternet(expansion=${other})`] as const;

const skeletonOf = (options: Setting['skeleton'], blocks: Blocks): Skeleton => ({
  skeleton: { preset: 'small', ...options },
  blocks,
});

const setting = (
  { skeleton, blocks }: Skeleton,
  recipe: Partial<RecipeInput> = {},
  { dataset = 'fashion-mnist-10k', trainImages = 9_000 }: Partial<Setting> = {},
): Setting => ({
  dataset,
  trainImages,
  skeleton,
  blocks,
  recipe: recipeSchema.parse({
    epochs: 4,
    batch: 64,
    learningRate: 0.2,
    warmupEpochs: 0.5,
    augmentation: { flip: false, shift: 0 },
    ...recipe,
  }),
});

const NARROW_BLOCKS = threeBlocks(1.125, 1.125, 1);

const EXPANDED_BLOCKS = threeBlocks(3, 3, 3.25);

/** Blocks on maps of 16, 8, 4 and 2 pixels. */
const FOUR_STAGES = skeletonOf({}, NARROW_BLOCKS);

/** Blocks on maps of 8 and 4 pixels; 28,000 parameters, 640,000 multiply-adds. */
const TWO_STAGES_SKELETON = { stemStrides: [2, 2], depths: [2, 3], widths: [16, 32] };

const TWO_STAGES = skeletonOf(TWO_STAGES_SKELETON, twoBlocks(2.5, 3));

const TWO_STAGES_WIDE = skeletonOf(
  { ...TWO_STAGES_SKELETON, stemWidth: 16, widths: [32, 64], headWidth: 256 },
  twoBlocks(2.5, 3),
);

const WIDE = { stemWidth: 16, widths: [16, 32, 64, 128], headWidth: 256 };

export const GROUPS: readonly Group[] = [
  {
    title: 'Recipes, two stages',
    settings: {
      '4 epochs': setting(TWO_STAGES),
      '2 epochs': setting(TWO_STAGES, { epochs: 2 }),
      '8 epochs': setting(TWO_STAGES, { epochs: 8 }),
      'batch 32, rate 0.1': setting(TWO_STAGES, { batch: 32, learningRate: 0.1 }),
      'batch 128, rate 0.4': setting(TWO_STAGES, { batch: 128, learningRate: 0.4 }),
      'label smoothing 0.1': setting(TWO_STAGES, { labelSmoothing: 0.1 }),
      'average of the last epoch (0.99)': setting(TWO_STAGES, { emaDecay: 0.99 }),
      'constant rate, average 0.99': setting(TWO_STAGES, { schedule: 'constant', emaDecay: 0.99 }),
      'half the images': setting(TWO_STAGES, {}, { trainImages: 4_500 }),
      'twice the images, half the epochs': setting(
        TWO_STAGES,
        { epochs: 2 },
        { dataset: 'fashion-mnist', trainImages: 18_000 },
      ),
      'twice the widths': setting(TWO_STAGES_WIDE),
    },
  },
  {
    title: 'Skeletons',
    settings: {
      'two stages': setting(skeletonOf(TWO_STAGES_SKELETON, threeBlocks(2.5, 3, 2.75))),
      'one stage of four blocks at 8x8': setting(
        skeletonOf({ stemStrides: [2, 2], depths: [4], widths: [16] }, EXPANDED_BLOCKS),
      ),
      'one stage of six blocks at 8x8': setting(
        skeletonOf({ stemStrides: [2, 2], depths: [6], widths: [16], headWidth: 64 }, EXPANDED_BLOCKS),
      ),
      'three stages at 16x16, 8x8, 4x4': setting(
        skeletonOf({ depths: [1, 2, 2], widths: [8, 16, 32] }, EXPANDED_BLOCKS),
      ),
      'four stages, expansion 3': setting(skeletonOf({}, EXPANDED_BLOCKS)),
      'four stages, expansion 1.125': setting(FOUR_STAGES),
    },
  },
  {
    title: 'Recipes, four stages, expansion 1.125',
    settings: {
      '4 epochs': setting(FOUR_STAGES),
      '2 epochs': setting(FOUR_STAGES, { epochs: 2 }),
      '8 epochs': setting(FOUR_STAGES, { epochs: 8 }),
      'label smoothing 0.1': setting(FOUR_STAGES, { labelSmoothing: 0.1 }),
      'batch 32, rate 0.1': setting(FOUR_STAGES, { batch: 32, learningRate: 0.1 }),
      'batch 128, rate 0.4': setting(FOUR_STAGES, { batch: 128, learningRate: 0.4 }),
      'rate 0.1': setting(FOUR_STAGES, { learningRate: 0.1 }),
      'constant rate, average 0.99': setting(FOUR_STAGES, { schedule: 'constant', emaDecay: 0.99 }),
      'weight decay 5e-4': setting(FOUR_STAGES, { weightDecay: 5e-4 }),
      'flip and shift': setting(FOUR_STAGES, { augmentation: { flip: true, shift: 2 } }),
      'half the images': setting(FOUR_STAGES, {}, { trainImages: 4_500 }),
      'twice the images, half the epochs': setting(
        FOUR_STAGES,
        { epochs: 2 },
        { dataset: 'fashion-mnist', trainImages: 18_000 },
      ),
      'twice the widths': setting(skeletonOf(WIDE, NARROW_BLOCKS)),
    },
  },
];
