/** An exported model as records name it: by the hash of its file, with the options of the session that timed it. */
import { z } from 'zod';

/** Options of an onnxruntime session, by the names that onnxruntime gives them. */
export const sessionSettingsSchema = z.strictObject({
  executionProviders: z.array(z.string()).readonly(),
  intraOpNumThreads: z.int(),
  interOpNumThreads: z.int(),
  executionMode: z.enum(['sequential', 'parallel']),
  graphOptimizationLevel: z.enum(['disabled', 'basic', 'extended', 'layout', 'all']),
  extra: z.record(z.string(), z.record(z.string(), z.string())),
  logSeverityLevel: z.literal([0, 1, 2, 3, 4]),
});

export type SessionSettings = z.infer<typeof sessionSettingsSchema>;

export const modelRecordSchema = z.strictObject({
  /** Of the file `models/<sha256>.onnx`. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 hash in hexadecimal'),
  bytes: z.int(),
  /** Images that it takes. */
  batch: z.int(),
  session: sessionSettingsSchema,
});

/**
 * An exported model by the hash of its file.
 * @interface
 */
export type ModelRecord = z.infer<typeof modelRecordSchema>;
