import type { Recipe } from './recipe.js';

/**
 * Learning rate of one step: linear from zero over the warm-up, then constant, or multiplied by a factor after each milestone, or half
 * a cosine that reaches zero after the last step (Loshchilov and Hutter 2017, arXiv:1608.03983).
 */
export const learningRateAt = (
  step: number,
  stepsPerEpoch: number,
  {
    epochs,
    warmupEpochs,
    learningRate,
    schedule,
  }: Pick<Recipe, 'epochs' | 'warmupEpochs' | 'learningRate' | 'schedule'>,
): number => {
  const warmup = warmupEpochs * stepsPerEpoch;
  if (step < warmup) return (learningRate * (step + 1)) / (warmup + 1);
  if (schedule === 'constant') return learningRate;
  if (schedule === 'cosine') {
    const progress = (step - warmup) / (epochs * stepsPerEpoch - warmup);
    return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
  }
  const passed = schedule.milestones.filter((epoch) => step >= epoch * stepsPerEpoch).length;
  return learningRate * schedule.factor ** passed;
};
