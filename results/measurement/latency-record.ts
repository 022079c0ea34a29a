/** What a latency measurement leaves: the times of each network, and how the machine was meanwhile. */
import { z } from 'zod';
import { latencySecondsSchema } from '../training/phases.js';
import { deviceSchema } from './device.js';
import { gpuConditionsSchema } from './gpu.js';
import { warningSchema } from './warning.js';

const milliseconds = z.number().min(0);

export const latencyResultSchema = z.strictObject({
  form: z.enum(['deploy', 'int8']),
  batch: z.int().min(1),
  threads: z.int().min(1),
  sessions: z.int().min(1),
  rounds: z.int().min(1),
  warmupIterations: z.int().min(0),
  /** Median over rounds of the round's median. */
  medianMs: milliseconds,
  interval95Ms: z
    .tuple([milliseconds, milliseconds])
    .refine(([low, high]) => low <= high, 'its ends are the wrong way round'),
  /** Median of each round, by session and then in round order: both are shared by all candidates of the measurement. */
  roundMs: z.array(z.array(milliseconds)),
});

/**
 * Times of the deploy form of one candidate, or of its int8 form, in milliseconds a batch.
 * @interface
 */
export type LatencyResult = z.infer<typeof latencyResultSchema>;

/** Over 1, 5 and 15 minutes. */
const loadAverage = z.tuple([z.number(), z.number(), z.number()]);

const machineStateSchema = z.strictObject({
  loadAverage,
  /** Frequency governor of the first core, or the power mode; null where the system does not tell. */
  governor: z.string().nullable(),
  /** Times that a core was slowed down for heat since the machine started; null where the system does not tell. */
  throttled: z.int().nullable(),
  /** Share of its full speed that the system allows the CPU, 0..1; null where the system does not tell. */
  speedLimit: z.number().nullable(),
});

export type MachineState = z.infer<typeof machineStateSchema>;

const latencyConditionsSchema = z.strictObject({
  cpu: z.string(),
  cores: z.int(),
  start: machineStateSchema,
  end: machineStateSchema,
  /** Share of all cores' time that other programs took meanwhile, 0..1; null where the system does not tell. */
  othersShare: z.number().nullable(),
  /** Where a GPU of NVIDIA was measured and nvidia-smi told of it. */
  gpu: gpuConditionsSchema.exactOptional(),
  warnings: z.array(warningSchema),
});

export type LatencyConditions = z.infer<typeof latencyConditionsSchema>;

/** How one measurement of all latencies went. */
export const latencyMeasurementSchema = z.strictObject({
  /** Looks, before the last session, at which it might have ended: each spends a share of the level. */
  earlyLooks: z.int(),
  /** Whether it ended at one of them, because every pair was decided. */
  endedEarly: z.boolean(),
  /** Absent in records of versions that measured with the run's engine on the run's machine alone. */
  device: deviceSchema.optional(),
  conditions: latencyConditionsSchema,
  /**
   * Of int8 forms: whether the processor's sums of uint8 and int8 products are exact at full speed, or would saturate (x64 without VNNI), so
   * that slower products were used; null where the system does not tell.
   */
  int8Sums: z.enum(['exact', 'saturating']).nullable().optional(),
  /** Where its wall time went. */
  seconds: latencySecondsSchema.optional(),
});

/**
 * How one measurement of all latencies went.
 * @interface
 */
export type LatencyMeasurementRecord = z.infer<typeof latencyMeasurementSchema>;
