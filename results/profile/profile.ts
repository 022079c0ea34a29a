/** Where the time of networks goes, and what the machine could give. */
import { z } from 'zod';
import { PROFILE_KINDS } from './profile-kinds.js';

const profiledKernel = z.strictObject({
  /** Of the operation of the network; onnxruntime's own name where it is none. */
  path: z.string(),
  kind: z.enum(PROFILE_KINDS),
  /** Of a batch, as are the next two. */
  macs: z.number().min(0),
  /** Inputs, weights and outputs, as the kernel reads and writes them. */
  bytes: z.number().min(0),
  /** Without what the profiler takes. */
  ms: z.number().min(0),
});

export type ProfiledKernel = z.infer<typeof profiledKernel>;

export const networkProfile = z.strictObject({
  name: z.string(),
  /** Of a batch, measured without the profiler. */
  medianMs: z.number().positive(),
  interval95Ms: z.tuple([z.number(), z.number()]),
  /** In the order of execution. */
  kernels: z.array(profiledKernel),
});

export type NetworkProfile = z.infer<typeof networkProfile>;

/** What was measured, of a run or of parts. */
export const profileFields = {
  engine: z.strictObject({ id: z.string(), version: z.string(), device: z.string() }),
  cpu: z.string(),
  batch: z.int().min(1),
  threads: z.int().min(1),
  /** That count. */
  rounds: z.int().min(1),
  /** Multiply-accumulates a second of the fastest of some products of matrices and convolutions. */
  peakMacsPerSecond: z.number().positive(),
  /** Read and written in the sum of two large arrays. */
  bytesPerSecond: z.number().positive(),
  /** What the profiler adds to the time of every kernel. */
  profilerMs: z.number().min(0),
  networks: z.array(networkProfile),
};

export type ProfileFields = z.infer<z.ZodObject<typeof profileFields>>;
