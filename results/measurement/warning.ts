/** What disturbed a measurement or a record, with its numbers: `reports/wording/cautions.ts` words it. */
import { z } from 'zod';
import { gpuSlowdownsSchema } from './gpu.js';

const warningKinds = z.discriminatedUnion('kind', [
  /** Load average over one minute, before anything was measured. */
  z.strictObject({ kind: z.literal('load'), load: z.number(), cores: z.int() }),
  /** Share of all cores' time that other programs took while latency was measured, 0..1. */
  z.strictObject({ kind: z.literal('others-busy'), share: z.number() }),
  z.strictObject({ kind: z.literal('heat-since-boot'), times: z.int() }),
  z.strictObject({ kind: z.literal('heat-while-measuring'), times: z.int() }),
  z.strictObject({ kind: z.literal('governor'), governor: z.string() }),
  /** Share of its full speed that the system allows the CPU, 0..1. */
  z.strictObject({ kind: z.literal('speed-limit'), share: z.number() }),
  /** While latency was measured on it. */
  z.strictObject({ kind: z.literal('gpu-slowed'), slowed: gpuSlowdownsSchema }),
  /** A journal line that was cut off while it was written, and does not count. */
  z.strictObject({ kind: z.literal('torn-journal'), bytes: z.int() }),
  /** Lines of the journal that are gone: damaged and set aside, or deleted. */
  z.strictObject({ kind: z.literal('journal-lines-missing'), lines: z.int() }),
]);

/** Records of earlier versions hold a sentence. */
export const warningSchema = z.union([warningKinds, z.string()]);

export type WarningKind = z.infer<typeof warningKinds>;

/** What disturbed a measurement or a record; a sentence where an earlier version recorded it. */
export type Warning = z.infer<typeof warningSchema>;
