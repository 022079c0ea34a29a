/** What became of a training, read from a job that has ended. */
import type { Job } from 'bullmq';
import { describeIssues } from '../../results/parse.js';
import type { Trained } from '../run/worker/places/training-place.js';
import { answerSchema } from './payload.js';

/** Never throws: what no worker of ours would answer is a failure like any other. */
export const answerOf = (
  job: Pick<Job, 'failedReason' | 'finishedOn' | 'returnvalue' | 'stalledCounter'>,
): Trained => {
  const lost = job.stalledCounter > 0 ? { lost: job.stalledCounter } : {};
  if (job.failedReason) return { ...failed(reasonOf(job.failedReason, job.stalledCounter)), ...lost };
  const answer = answerSchema.safeParse(job.returnvalue);
  if (!answer.success) return failed(`A worker gave a malformed answer: ${describeIssues(answer.error)}.`);
  const { message, ...by } = answer.data;
  switch (message.say) {
    case 'progress':
    case 'epoch':
    case 'batch-fits':
    case 'step-time':
      return failed(`A worker ended with ${message.say}.`);
    case 'failed':
      return {
        outcome: { ...message, error: `On ${by.machine}: ${message.error}` },
        ...by,
        ...lost,
      };
    default:
      return { outcome: message, ...by, ...lost };
  }
};

const failed = (error: string): Trained => ({ outcome: { say: 'failed', error, cause: 'error' } });

const reasonOf = (reason: string, lost: number): string =>
  /stalled/.test(reason)
    ? `The worker that trained it was lost ${lost} times: killed, asleep or without a connection.`
    : reason;
