import type { Plan } from '../../../results/plan/plan.js';
import { cudaGpus } from '../../engines/pytorch/describe.js';
import { UserError } from '../../user/user-error.js';

/** Throws UserError where GPUs are named to train on, and the plan's engine does not take them by their numbers, or one is not here. */
export const requireGpus = async ({ conditions }: Plan, gpus?: readonly number[]): Promise<void> => {
  if (gpus === undefined) return;
  const { id, device } = conditions.engine;
  if (id !== 'pytorch' || device !== 'cuda') {
    throw new UserError(
      `The run is planned for ${id} on ${device}, which takes no CUDA devices by their numbers.`,
      'Use --engine pytorch:cuda, or leave out --devices.',
    );
  }
  const here = await cudaGpus();
  const absent = gpus.find((gpu) => gpu >= here.length);
  if (absent === undefined) return;
  throw new UserError(
    `There is no cuda:${absent} on this machine: PyTorch finds ${here.length === 0 ? 'no GPU' : here.map(({ name }, i) => `cuda:${i} (${name})`).join(', ')}.`,
    'Name those in --devices.',
  );
};
