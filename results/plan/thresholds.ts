import { z } from 'zod';

/** Largest differences of no practical importance. */
export const thresholdsSchema = z.strictObject({
  top1: z.number().min(0).max(1).default(0.002).describe('share of the test images'),
  latency: z.number().min(0).max(1).default(0.01).describe('ratio of two latencies, minus 1'),
});

export type Thresholds = z.infer<typeof thresholdsSchema>;

/** 0.2 points of top-1, 1 % of latency. */
export const DEFAULT_THRESHOLDS: Thresholds = thresholdsSchema.parse({});
