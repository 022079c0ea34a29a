/** What candidates are compared on. */
export const METRICS = ['top1', 'latency', 'params', 'macs', 'flops', 'peak-memory'] as const;

/** Costs are those of the deploy form. */
export type Metric = (typeof METRICS)[number];

export const byMetric = <T>(of: (metric: Metric) => T): Readonly<Record<Metric, T>> => ({
  top1: of('top1'),
  latency: of('latency'),
  params: of('params'),
  macs: of('macs'),
  flops: of('flops'),
  'peak-memory': of('peak-memory'),
});

/** What candidates are compared on in int8, where their networks are quantised too; the drop is what top-1 loses by it. */
export const INT8_METRICS = ['top1-int8', 'drop-int8', 'latency-int8'] as const;

/** One of `INT8_METRICS`. */
export type Int8Metric = (typeof INT8_METRICS)[number];

export const isInt8Metric = (metric: Metric | Int8Metric): metric is Int8Metric =>
  INT8_METRICS.some((one) => one === metric);

/** What is estimated, with an interval; the others are exact. */
export type MeasuredMetric = Extract<Metric, 'top1' | 'latency'>;
