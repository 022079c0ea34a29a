/** What latency was measured on. Latencies of two devices are never paired, and never ranked together. */
import { z } from 'zod';

/** What latency is measured on. */
export const DEVICE_KINDS = ['native', 'browser', 'browser-webgpu'] as const;

/** The engine itself, or onnxruntime-web in a browser: on its processor as wasm, or by WebGPU. */
export type DeviceKind = (typeof DEVICE_KINDS)[number];

export type BrowserKind = Exclude<DeviceKind, 'native'>;

export const deviceSchema = z.strictObject({
  /** Content key of the machine and the kind: equal, equal device. */
  id: z.string(),
  kind: z.enum(DEVICE_KINDS),
  /** For people: what the machine was called or tagged with, else its processor. */
  name: z.string(),
  tags: z.array(z.string()),
  cpu: z.string(),
  cores: z.int(),
  platform: z.string(),
  /** What ran the networks, for example `onnxruntime 1.30.0, cpu`. */
  runtime: z.string(),
});

/**
 * What latency was measured on.
 * @interface
 */
export type DeviceRecord = z.infer<typeof deviceSchema>;
