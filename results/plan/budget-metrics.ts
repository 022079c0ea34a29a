/** What candidates can be matched on. */

/** What is counted of the deploy form. */
export const COUNTED_METRICS = ['params', 'macs', 'peak-memory'] as const;

/** One of `COUNTED_METRICS`. */
export type CountedMetric = (typeof COUNTED_METRICS)[number];

/** What a budget may set. */
export const BUDGET_METRICS = [...COUNTED_METRICS, 'latency'] as const;

/** One of `BUDGET_METRICS`. */
export type BudgetMetric = (typeof BUDGET_METRICS)[number];
