import { describe, expect, it } from 'vitest';
import { recipeSchema } from '../../../harness/recipe/recipe.js';

const LEAST = { epochs: 3, batch: 8, learningRate: 0.1 };

/** A malformed part of a recipe, the field that is to be named, and what is said of it. */
const MALFORMED: readonly (readonly [changes: object, field: string, message: RegExp])[] = [
  [{ epochs: 0 }, 'epochs', />=1/],
  [{ batch: 1.5 }, 'batch', /int/],
  [{ learningRate: 0 }, 'learningRate', />0/],
  [{ optimizer: 'sgd' }, 'optimizer', /object/],
  [{ optimizer: { kind: 'lion' } }, 'optimizer.kind', /Invalid/],
  [{ optimizer: { kind: 'sgd', momentum: 1 } }, 'optimizer.momentum', /<1/],
  [{ optimizer: { kind: 'sgd', beta1: 0.9 } }, 'optimizer', /"beta1"/],
  [{ optimizer: { kind: 'adamw', momentum: 0.9 } }, 'optimizer', /"momentum"/],
  [{ optimizer: { kind: 'adamw', epsilon: 0 } }, 'optimizer.epsilon', />0/],
  [{ weightDecay: -1 }, 'weightDecay', />=0/],
  [{ warmupEpochs: -1 }, 'warmupEpochs', />=0/],
  [{ schedule: 'linear' }, 'schedule', /cosine, constant, or \{ kind: "step"/],
  [{ schedule: { kind: 'step' } }, 'schedule', /milestones/],
  [{ schedule: { kind: 'step', milestones: [] } }, 'schedule.milestones', />=1/],
  [{ schedule: { kind: 'step', milestones: [2], factor: 2 } }, 'schedule.factor', /<1/],
  [{ clipNorm: 0 }, 'clipNorm', />0/],
  [{ emaDecay: 1 }, 'emaDecay', /<1/],
  [{ labelSmoothing: 1 }, 'labelSmoothing', /<1/],
  [{ augmentation: { shift: 0.5 } }, 'augmentation.shift', /int/],
  [{ augmentation: { flip: 1 } }, 'augmentation.flip', /boolean/],
  [{ augmentation: { crop: 'centre' } }, 'augmentation.crop', /"shift"/],
  [{ augmentation: { erase: 1.1 } }, 'augmentation.erase', /<=1/],
  [{ augmentation: { mixup: 3 } }, 'augmentation.mixup', /<=2/],
  [{ momentum: 0.9 }, '', /"momentum"/],
];

describe('a recipe', () => {
  it('says everything once it is parsed, so that equal recipes are equal records', () => {
    const recipe = recipeSchema.parse(LEAST);
    expect(recipe).toEqual({
      ...LEAST,
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
      weightDecay: 1e-4,
      warmupEpochs: 0,
      schedule: 'cosine',
      clipNorm: null,
      emaDecay: 0,
      labelSmoothing: 0,
      augmentation: { flip: true, shift: 2, crop: 'shift', erase: 0, mixup: 0 },
    });
    expect(JSON.stringify(recipeSchema.parse(JSON.parse(JSON.stringify(recipe))))).toBe(
      JSON.stringify(recipe),
    );
    const reversed = Object.fromEntries(Object.entries(recipe).toReversed());
    expect(JSON.stringify(recipeSchema.parse(reversed))).toBe(JSON.stringify(recipe));
  });

  it('fills in what a choice of its own leaves open', () => {
    const { optimizer, schedule } = recipeSchema.parse({
      ...LEAST,
      optimizer: { kind: 'adamw', beta2: 0.95 },
      schedule: { kind: 'step', milestones: [1, 2] },
    });
    expect(optimizer).toEqual({ kind: 'adamw', beta1: 0.9, beta2: 0.95, epsilon: 1e-8 });
    expect(schedule).toEqual({ kind: 'step', milestones: [1, 2], factor: 0.1 });
  });

  it.each(MALFORMED)('%j is refused at %s', (changes, field, message) => {
    const { error } = recipeSchema.safeParse({ ...LEAST, ...changes });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
    expect(error?.issues[0]?.message).toMatch(message);
  });
});
