import type { Plan } from '../../../results/plan/plan.js';
import { plannedRecipe } from '../plan/planned.js';
import { runWorker } from '../worker/run-worker.js';

/**
 * Says which batch fits, for a candidate whose training ran out of memory: the largest of 1, 2, 4 ... of which a step now runs, in a
 * process of its own and beside whatever else runs. Rejects with the signal's reason where it is stopped.
 */
export const batchAdvice = async (plan: Plan, candidate: string, signal?: AbortSignal): Promise<string> => {
  const { batch } = plannedRecipe(plan);
  let largest = 0;
  await runWorker(
    { job: 'fitting-batch', plan, candidate },
    {
      onBatch: (fitting) => {
        largest = fitting;
      },
      ...(signal === undefined ? {} : { signal }),
    },
  );
  if (largest === batch) return `A step of its ${batch} images runs by itself: try fewer --jobs.`;
  if (largest === 0) return 'Not even a batch of 1 fits: make the network or the images smaller.';
  return (
    `A batch of ${batch} does not fit, a batch of ${largest} does: of 1, 2, 4 and so on the largest of which a training step has ` +
    'just run. Give the recipe that batch, or free memory, for example by fewer --jobs.'
  );
};
