/** One training of a plan: of a trial, or of a try of a learning rate. */
import type { Recipe } from '../../../recipe/recipe.js';
import { type PhaseClock, phaseClock } from '../../../train/phase-clock.js';
import { type Epoch, trainNetwork } from '../../../train/train-network.js';
import { saveTraining } from '../../folder/checkpoint-file.js';
import type { PlannedTraining } from './begin-training.js';
import { begunTraining } from './prepare.js';

export interface TrainingProgress {
  readonly onStep?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: Epoch) => void;
  /** Counts what the phases take. */
  readonly clock?: PhaseClock;
}

/**
 * By the plan's recipe, with these epochs and this learning rate. Throws UserError where suite, data or engine are no longer those of the plan,
 * TrainingFailure where the loss is not finite.
 */
export const trainPlanned = async (
  training: PlannedTraining,
  recipe: Recipe,
  { onStep, onEpoch, clock = phaseClock() }: TrainingProgress,
) => {
  const { plan, key, directory } = training;
  const { conditions } = plan;
  const begun = await begunTraining(training, clock);
  const [, , size] = conditions.input;
  const trained = await trainNetwork({
    ...begun,
    size,
    trainImages: conditions.dataset.trainImages,
    recipe,
    clock,
    onState: (state) => saveTraining(directory, key, state),
    ...(onStep === undefined ? {} : { onStep }),
    ...(onEpoch === undefined ? {} : { onEpoch }),
  });
  return { ...begun, size, ...trained };
};
