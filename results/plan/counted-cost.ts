import type { CountedMetric } from './budget-metrics.js';
import type { FormCost } from './candidate.js';

/** Null where an earlier version did not count it. */
export const countedCost = (costs: FormCost, metric: CountedMetric): number | null => COUNTS[metric](costs);

const COUNTS: Readonly<Record<CountedMetric, (costs: FormCost) => number | null>> = {
  params: ({ params }) => params,
  macs: ({ macs }) => macs,
  'peak-memory': ({ peakMemory }) => peakMemory?.values ?? null,
};
