/** How a GPU was while latency was measured on it. */
import { z } from 'zod';

/** Why a GPU ran at a lower clock than its work would have got: its power limit, its driver for heat, or its hardware. */
export const GPU_SLOWDOWNS = [
  'power-cap',
  'hardware-slowdown',
  'software-thermal',
  'hardware-thermal',
  'power-brake',
] as const;

/** One of `GPU_SLOWDOWNS`. */
export type GpuSlowdown = (typeof GPU_SLOWDOWNS)[number];

/** Shares of the time, 0..1; absent are those that never were. */
export const gpuSlowdownsSchema = z.array(
  z.strictObject({ slowdown: z.enum(GPU_SLOWDOWNS), share: z.number() }),
);

export const gpuConditionsSchema = z.strictObject({
  name: z.string(),
  /** Moments at which it was asked, about a second apart. */
  samples: z.int().min(1),
  /** Of its multiprocessors; null where it does not tell. */
  clockMhz: z.strictObject({ lowest: z.number(), median: z.number(), highest: z.number() }).nullable(),
  /** The highest that it may run at. */
  fullClockMhz: z.number().nullable(),
  temperatureC: z.strictObject({ lowest: z.number(), highest: z.number() }).nullable(),
  slowed: gpuSlowdownsSchema,
});

export type GpuConditions = z.infer<typeof gpuConditionsSchema>;
