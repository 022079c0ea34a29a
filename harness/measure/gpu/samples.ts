/**
 * Lines of `nvidia-smi --query-gpu=... --format=csv,noheader,nounits`, one a GPU and moment: values in the order of the query, a comma and
 * a space between them. What a GPU does not tell is in brackets, for example `[N/A]`.
 */
import { GPU_SLOWDOWNS, type GpuConditions, type GpuSlowdown } from '../../../results/measurement/gpu.js';
import { median } from '../../stats/sample.js';

const FIELDS = 'uuid,name,clocks.sm,clocks.max.sm,temperature.gpu';

/** What is asked for. Drivers before 535 know the last field by its older name. */
export const QUERIES = [`${FIELDS},clocks_event_reasons.active`, `${FIELDS},clocks_throttle_reasons.active`];

/** Bits of the last field that mean a lower clock than the work would get (NVML, nvmlClocksEventReasons); idleness is none of them. */
const BITS: Readonly<Record<GpuSlowdown, number>> = {
  'power-cap': 0x04,
  'hardware-slowdown': 0x08,
  'software-thermal': 0x20,
  'hardware-thermal': 0x40,
  'power-brake': 0x80,
};

interface Sample {
  readonly uuid: string;
  readonly name: string;
  readonly clockMhz: number | null;
  readonly fullClockMhz: number | null;
  readonly temperatureC: number | null;
  readonly slowdowns: readonly GpuSlowdown[];
}

/** Of the GPU with this UUID; of the only one where that is null. Null where the lines tell nothing of it. */
export const gpuConditions = (lines: readonly string[], uuid: string | null): GpuConditions | null => {
  const all = lines.flatMap(sampleOf);
  const [first, ...others] = all.filter((sample) => uuid === null || sample.uuid === uuid);
  if (first === undefined || others.some((sample) => sample.uuid !== first.uuid)) return null;
  const samples = [first, ...others];
  const clocks = known(samples, ({ clockMhz }) => clockMhz);
  const temperatures = known(samples, ({ temperatureC }) => temperatureC);
  const slowed = GPU_SLOWDOWNS.flatMap((slowdown) => {
    const count = samples.filter(({ slowdowns }) => slowdowns.includes(slowdown)).length;
    return count === 0 ? [] : [{ slowdown, share: count / samples.length }];
  });
  return {
    name: first.name,
    samples: samples.length,
    clockMhz:
      clocks.length === 0
        ? null
        : { lowest: Math.min(...clocks), median: median(clocks), highest: Math.max(...clocks) },
    fullClockMhz: first.fullClockMhz,
    temperatureC:
      temperatures.length === 0
        ? null
        : { lowest: Math.min(...temperatures), highest: Math.max(...temperatures) },
    slowed,
  };
};

/** A whole line. One that was cut off, or is a message, is none. */
const LINE = /^(GPU-[\da-f-]{36}), (.+), ([^,]+), ([^,]+), ([^,]+), (0x[\da-f]{16}|\[[^\]]+\])$/i;

const sampleOf = (line: string): readonly Sample[] => {
  const [, uuid, name, clock, fullClock, temperature, reasons] = LINE.exec(line.trim()) ?? [];
  if (uuid === undefined || name === undefined) return [];
  const mask = Number(reasons);
  return [
    {
      uuid,
      name,
      clockMhz: numberOf(clock),
      fullClockMhz: numberOf(fullClock),
      temperatureC: numberOf(temperature),
      slowdowns: GPU_SLOWDOWNS.filter((slowdown) => (mask & BITS[slowdown]) !== 0),
    },
  ];
};

const numberOf = (text = ''): number | null => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null);

const known = (samples: readonly Sample[], of: (sample: Sample) => number | null): readonly number[] =>
  samples.flatMap((sample) => of(sample) ?? []);
