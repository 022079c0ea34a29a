/** The latencies of a run's candidates, measured together on this worker's device. */
import { type Job, UnrecoverableError } from 'bullmq';
import type { DeviceKind } from '../../../results/measurement/device.js';
import type { WorkerLimits } from '../../run/worker/limits.js';
import { runWorker } from '../../run/worker/run-worker.js';
import { type Answer, taskSchema } from '../payload.js';
import type { TrainingBench } from './train-task.js';

/** Rejects with the signal's reason where it is stopped, and with UnrecoverableError where the task is none for this device. */
export const measureTask = async (
  { plan, directory, graphs, machine, say }: TrainingBench,
  limits: WorkerLimits,
  { kind, tags, id }: { readonly kind: DeviceKind; readonly tags: string[]; readonly id: string },
  job: Job,
  signal: AbortSignal,
): Promise<Answer> => {
  const task = taskSchema.safeParse(job.data).data;
  if (task?.task !== 'measure' || task.device !== id) {
    throw new UnrecoverableError('The job asks for no measurement on this device.');
  }
  say('latency: begun');
  const message = await runWorker(
    { job: 'latency', plan, directory, graphs, device: { kind, tags } },
    { signal, limits },
  );
  say(`latency: ${message.say === 'failed' ? `failed: ${message.error}` : 'measured'}`);
  return { message, machine };
};
