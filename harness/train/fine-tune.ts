/**
 * Quantisation-aware fine-tuning (Krishnamoorthi 2018, arXiv:1806.08342, section 4; Jacob et al. 2018, arXiv:1712.05877, section 3): the
 * trained network, in its deploy form, is trained on while values and kernels are rounded and clipped as its int8 form rounds and clips
 * them. Ranges of activations stay as they were calibrated; scales of kernels follow the weights.
 */
import type { FineTuning } from '../../results/training/int8.js';
import { trainCount } from '../data/batches/batches.js';
import { canvasPool } from '../data/batches/canvas-pool.js';
import type { Int8Engine } from '../engines/engine.js';
import { stepsInEpoch } from '../engines/requirements.js';
import type { Weights } from '../graph/parameters.js';
import type { Int8Form } from '../quantise/quantise.js';
import type { Recipe } from '../recipe/recipe.js';
import { phaseClock } from './phase-clock.js';
import { type EpochOptions, TrainingFailure, trainEpoch } from './train-epoch.js';

export interface FineTuningOptions
  extends Pick<EpochOptions, 'dataset' | 'size' | 'trainImages' | 'recipe' | 'seed' | 'onStep'> {
  readonly fineTuning: FineTuning;
  readonly threads: number;
}

/** The weights of the form's graph after fine-tuning from these. Throws TrainingFailure where losses or weights are not finite. */
export const fineTuned = async (
  int8: Int8Engine,
  form: Int8Form,
  weights: Weights,
  { fineTuning, threads, ...options }: FineTuningOptions,
): Promise<Weights> => {
  const recipe = fineTuningRecipe(options.recipe, fineTuning);
  const { dataset, trainImages } = options;
  const steps = stepsInEpoch(trainCount(dataset, trainImages), recipe.batch);
  const trainer = await int8.createTrainer(form, weights, { batch: recipe.batch, threads, recipe });
  const shared = { canvases: canvasPool(), clock: phaseClock() };
  try {
    for (let epoch = 1; epoch <= recipe.epochs; epoch += 1) {
      await trainEpoch(trainer, { ...options, ...shared, recipe }, epoch, steps);
    }
    const tuned = await trainer.weights();
    // Losses hardly tell: logits are clipped.
    const lost = [...tuned].find(([, values]) => !values.every(Number.isFinite));
    if (lost !== undefined) throw new TrainingFailure(`The weights of ${lost[0]} are not finite.`);
    return tuned;
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
    throw new TrainingFailure(
      `Fine-tuning in int8 from learning rate ${recipe.learningRate} failed: ${error.message} Set int8.fineTune.learningRate to a lower one.`,
    );
  } finally {
    await trainer.dispose();
  }
};

/** Share of the recipe's learning rate. */
const DEFAULT_SHARE = 0.01;

/**
 * The recipe that the network was trained by, from this rate on half a cosine to zero. Without a moving average, which would hold on to
 * where fine-tuning began, and in float32.
 */
const fineTuningRecipe = (
  { precision: _precision, deterministic: _deterministic, compiled: _compiled, ...recipe }: Recipe,
  { epochs, learningRate = recipe.learningRate * DEFAULT_SHARE }: FineTuning,
): Recipe => ({ ...recipe, epochs, learningRate, warmupEpochs: 0, schedule: 'cosine', emaDecay: 0 });
