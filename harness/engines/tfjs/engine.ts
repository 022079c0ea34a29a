/** An engine on one of TF.js's backends, which is loaded at the first use. */
import { PYTORCH_FEATURES } from '../../recipe/recipe.js';
import type { Engine } from '../engine.js';
import type { TfjsBackend } from './backends/backend.js';

/** `load` starts the backend with so many threads, or throws UserError where it cannot. */
export const tfjsEngine = (
  facts: Pick<Engine, 'id' | 'describe' | 'mostThreads'>,
  load: (threads: number) => Promise<TfjsBackend>,
): Engine => ({
  ...facts,
  lacks: ['AdamW', 'gradient clipping', 'a moving average of weights', 'mixup', ...PYTORCH_FEATURES],
  createTrainer: async (graph, weights, options) => {
    const backend = await load(options.threads);
    const { createTfjsTrainer } = await import('./trainer.js');
    return createTfjsTrainer(backend, graph, weights, options);
  },
  createPredictor: async (graph, weights, options) => {
    const backend = await load(options.threads);
    const { createTfjsPredictor } = await import('./predictor.js');
    return createTfjsPredictor(backend, graph, weights, options);
  },
});
