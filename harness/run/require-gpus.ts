import type { Plan } from '../../results/plan.js';
import { UserError } from '../user-error.js';
import type { RunOptions } from './run-options.js';

/** Throws UserError where GPUs are named to train on, and the plan's engine does not take them by their numbers. */
export const requireGpus = ({ conditions }: Plan, { gpus }: RunOptions): void => {
  const { id, device } = conditions.engine;
  if (gpus === undefined || (id === 'pytorch' && device === 'cuda')) return;
  throw new UserError(
    `The run is planned for ${id} on ${device}, which takes no CUDA devices by their numbers.`,
    'Use --engine pytorch:cuda, or leave out --devices.',
  );
};
