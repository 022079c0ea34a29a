import { z } from 'zod';

/** `env.json`: the machine and the software of a run. */
export const environmentSchema = z.strictObject({
  lightbench: z.string(),
  /** Commit of the working directory where it is a git checkout. */
  commit: z.string().nullable(),
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
  memoryBytes: z.int(),
  governor: z.string().nullable(),
  loadAverage: z.tuple([z.number(), z.number(), z.number()]),
  engines: z.record(z.string(), z.string()),
  startedAt: z.iso.datetime(),
  warnings: z.array(z.string()),
});

export type Environment = z.infer<typeof environmentSchema>;
