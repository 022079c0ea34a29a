/** What candidates can be matched on. Pure: the page of a run has it, too. */

/** What is counted of the deploy form. */
export const COUNTED_METRICS = ['params', 'macs', 'peak-memory'] as const;

export type CountedMetric = (typeof COUNTED_METRICS)[number];

/** What a budget may set. */
export const BUDGET_METRICS = [...COUNTED_METRICS, 'latency'] as const;

export type BudgetMetric = (typeof BUDGET_METRICS)[number];

/** What is counted of one form. */
interface CountedCosts {
  readonly params: number;
  readonly macs: number;
  readonly peakMemory?: { readonly values: number } | undefined;
}

/** Null where an earlier version did not count it. */
export const countedCost = (costs: CountedCosts, metric: CountedMetric): number | null =>
  COUNTS[metric](costs);

const COUNTS: Readonly<Record<CountedMetric, (costs: CountedCosts) => number | null>> = {
  params: ({ params }) => params,
  macs: ({ macs }) => macs,
  'peak-memory': ({ peakMemory }) => peakMemory?.values ?? null,
};
