/** JSON about the machine and its data. */
import { z } from 'zod';

export const doctorContract = z.strictObject({
  ok: z.boolean().describe('whether an engine works and, with --verify, all working engines agree'),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'missing']),
      detail: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});

export const dataContract = z.strictObject({
  folder: z.string(),
  contentHash: z.string().describe('equal hashes, equal data'),
  classes: z.int(),
  images: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  mean: z.array(z.number()).optional().describe('check: of each channel, 0 to 1'),
  deviation: z.array(z.number()).optional(),
  repeatedTestImages: z
    .int()
    .optional()
    .describe('check: test images that are also for training or validation, of images in memory'),
  shortSide: z
    .int()
    .nullable()
    .optional()
    .describe('prepare: to which shorter sides were brought down; null where images are as they were'),
  bytes: z.int().optional().describe('prepare: of all images'),
});

/** What `data prepare` and `data check` tell. */
export type DataReport = z.infer<typeof dataContract>;

export const downloadContract = z.strictObject({ id: z.string(), folder: z.string() });
