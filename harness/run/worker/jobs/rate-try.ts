/** One try: a candidate trained with one of the learning rates to choose from, and looked at on validation alone. */
import type { TryResult } from '../../../../results/training/trial.js';
import { plannedRecipe } from '../../plan/planned.js';
import type { Job } from '../protocol.js';
import { type TrainingProgress, trainPlanned } from './train-planned.js';

/** Throws as trainPlanned does. */
export const runTry = async (
  { plan, key, directory, graphs }: Omit<Extract<Job, { job: 'try' }>, 'job'>,
  progress: TrainingProgress = {},
): Promise<TryResult> => {
  const { tuning } = plan.conditions;
  const planned = plan.tries?.find((one) => one.key === key);
  if (!tuning || !planned) throw new RangeError(`The plan has no try ${key}.`);
  const recipe = { ...plannedRecipe(plan), learningRate: planned.learningRate, epochs: tuning.epochs };
  const { epochs } = await trainPlanned({ plan, key, directory, graphs }, recipe, progress);
  return { epochs: [...epochs] };
};
