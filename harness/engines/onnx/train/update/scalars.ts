import type { StepRecipe } from '../../../../recipe/recipe.js';

export type ScalarInput = 'rate' | 'momenta_scale' | 'squares_scale' | 'mean_share';

/**
 * The numbers that change from step to step, by the model's inputs. `step` counts from 1.
 * AdamW's moments start at zero, which 1 / (1 - beta^step) makes up for. A moving average starts at the initial weights and forgets
 * them sooner than its decay says: that of one step is at most (1 + step) / (10 + step), as in TensorFlow.
 */
export const stepScalars = (
  { optimizer, emaDecay }: StepRecipe,
  step: number,
  rate: number,
): ReadonlyMap<ScalarInput, number> =>
  new Map<ScalarInput, number>([
    ['rate', rate],
    ...(optimizer.kind === 'adamw'
      ? ([
          ['momenta_scale', 1 / (1 - optimizer.beta1 ** step)],
          ['squares_scale', 1 / (1 - optimizer.beta2 ** step)],
        ] as const)
      : []),
    ...(emaDecay > 0 ? ([['mean_share', 1 - Math.min(emaDecay, (1 + step) / (10 + step))]] as const) : []),
  ]);
