/** What a machine must have to take part in a run. */
import type { Plan } from '../../../results/plan/plan.js';
import { ownCode, ownVersion } from '../../package/own-code.js';
import { plannedEngine, shareDataset } from '../../run/plan/planned.js';
import { requireGpus } from '../../run/plan/require-gpus.js';
import { UserError } from '../../user/user-error.js';
import { type Announcement, PROTOCOL } from '../payload.js';

/** Throws UserError where the run was planned by another lightbench: the same trial could come out otherwise. */
export const requireSameLightbench = ({ protocol, lightbench, code }: Announcement): void => {
  const own = ownVersion();
  if (lightbench === own && code !== ownCode()) {
    throw new UserError(
      `The run was planned with other code of lightbench ${own}: ${code ?? 'unknown'} there, ${ownCode()} here.`,
      'Use the same package, or the same commit built anew, on every machine.',
    );
  }
  if (protocol === PROTOCOL && lightbench === own) return;
  throw new UserError(
    `The run was planned with lightbench ${lightbench}, but this is ${own}.`,
    `Install it here: npm install lightbench@${lightbench}.`,
  );
};

/**
 * Keeps the images decoded for all trials of this machine. Throws UserError naming what is missing for training: the engine, its version
 * or device, the GPUs that are named, or the data set.
 */
export const requireTraining = async (plan: Plan, gpus?: readonly number[]): Promise<void> => {
  await plannedEngine(plan);
  await requireGpus(plan, gpus);
  const { id, contentHash } = plan.conditions.dataset;
  try {
    await shareDataset(plan);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `The data set ${id} with content hash ${contentHash} is not on this machine: ${error.message}`,
      error.remedy,
    );
  }
};
