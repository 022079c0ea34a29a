/** The history of measurements: one row for every run, candidate and metric. */
import { z } from 'zod';
import type { Plan } from '../plan/plan.js';
import type { Environment } from '../run/environment.js';

export const HISTORY_METRICS = ['top1', 'latency', 'params', 'macs', 'flops'] as const;

export type HistoryMetric = (typeof HISTORY_METRICS)[number];

/** A row of the query. Costs are of the deploy form; top-1 is the mean over seeds, 0 to 1; latency is the median in milliseconds a batch. */
export const historyRowSchema = z.strictObject({
  folder: z.string(),
  candidate: z.string(),
  metric: z.enum(HISTORY_METRICS),
  value: z.number(),
  /** The 95 % interval of a latency; null for other metrics. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Top-1 of every seed that is done, in the order of the seeds; null for other metrics. */
  seedValues: z.array(z.number()).nullable(),
  /** What the candidate was to come near; null where there is no budget. */
  budgetMetric: z.string().nullable(),
  budgetTarget: z.number().nullable(),
});

export type HistoryRow = z.infer<typeof historyRowSchema>;

/** A run without its results. */
export interface HistoryRun {
  readonly folder: string;
  readonly plan: Pick<Plan, 'suite' | 'planKey' | 'conditions' | 'latency'>;
  readonly environment: Environment;
  readonly rows: readonly HistoryRow[];
}
