/** What of the processor decides how int8 products are computed. */
import { readFileSync } from 'node:fs';
import { arch } from 'node:os';

/**
 * Sums of products of uint8 and int8 in onnxruntime on this processor: exact at full speed; saturating in int16, on x64 without VNNI; null
 * where the system does not tell.
 */
export type Int8Sums = 'exact' | 'saturating' | null;

let known: Int8Sums | undefined;

/** It does not change while a process lives. */
export const int8Sums = (): Int8Sums => {
  known ??= arch() === 'x64' ? sumsOf(processorFlags()) : 'exact';
  return known;
};

/** Of an x64 processor, by the flags that Linux gives it. */
export const sumsOf = (flags: string | null): Int8Sums => {
  if (flags === null) return null;
  return /\bavx(512)?_vnni\b/.test(flags) ? 'exact' : 'saturating';
};

const processorFlags = (): string | null => {
  try {
    return /^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
};
