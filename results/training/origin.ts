import { z } from 'zod';

/** Where a result was made that a run did not make itself. Its seconds are those of then. */
export const originSchema = z.strictObject({
  /** What names the run in its journal. */
  run: z.string(),
  /** The last part of its folder's path. */
  folder: z.string(),
  suite: z.string(),
  candidate: z.string(),
  lightbench: z.string(),
  cpu: z.string(),
  /** When it was done. */
  at: z.iso.datetime(),
});

/**
 * Where a result was made that a run did not make itself.
 * @interface
 */
export type Origin = z.infer<typeof originSchema>;
