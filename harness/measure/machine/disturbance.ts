/** What disturbs measurements: other programs, power saving, heat. */
import { cpus } from 'node:os';
import type { LatencyConditions, MachineState } from '../../../results/measurement/latency-record.js';
import type { WarningKind } from '../../../results/measurement/warning.js';
import { type WatchedGpu, watchGpu } from '../gpu/watch-gpu.js';
import { usableCores } from './cores.js';
import { LOW_POWER_MODE, machineState } from './machine-state.js';
import { processorName } from './names.js';

/**
 * Begins to watch the machine, and a GPU of it; what is returned ends it and tells. Only this process is not a disturbance; where others
 * take part in the measurement, what the rest took is not told.
 */
export const watchMachine = async (
  isAlone = true,
  watched: WatchedGpu | null = null,
): Promise<() => Promise<LatencyConditions>> => {
  const gpuUntilNow = watched === null ? async () => null : await watchGpu(watched);
  const start = await machineState();
  const before = processorTime();
  return async () => {
    const after = processorTime();
    const end = await machineState();
    const gpu = await gpuUntilNow();
    const seen = {
      ...{ start, end, othersShare: isAlone ? othersShare(before, after) : null },
      ...(gpu === null ? {} : { gpu }),
    };
    return {
      cpu: processorName(),
      cores: usableCores(),
      ...seen,
      warnings: disturbances(seen),
    };
  };
};

/** The largest share of the cores' time that others may have without a warning. */
export const BUSY_SHARE = 0.25;

const SAVING: ReadonlySet<string> = new Set([
  'powersave',
  'conservative',
  'ondemand',
  'schedutil',
  LOW_POWER_MODE,
]);

/** What disturbed a latency measurement. */
export const disturbances = ({
  start,
  end,
  othersShare,
  gpu,
}: Pick<LatencyConditions, 'start' | 'end' | 'othersShare' | 'gpu'>): WarningKind[] => {
  const warnings: WarningKind[] = [];
  if (othersShare !== null && othersShare > BUSY_SHARE)
    warnings.push({ kind: 'others-busy', share: othersShare });
  const times = (end.throttled ?? 0) - (start.throttled ?? 0);
  if (times > 0) warnings.push({ kind: 'heat-while-measuring', times });
  if (gpu !== undefined && gpu.slowed.length > 0) warnings.push({ kind: 'gpu-slowed', slowed: gpu.slowed });
  return [...warnings, ...speedWarnings(end)];
};

/** How a machine that changes its own speed does so. */
export const speedWarnings = ({
  governor,
  speedLimit,
}: Pick<MachineState, 'governor' | 'speedLimit'>): WarningKind[] => {
  const warnings: WarningKind[] = [];
  if (governor !== null && SAVING.has(governor)) warnings.push({ kind: 'governor', governor });
  if (speedLimit !== null && speedLimit < 1) warnings.push({ kind: 'speed-limit', share: speedLimit });
  return warnings;
};

/** Milliseconds since some moment. */
interface ProcessorTime {
  readonly all: number;
  readonly busy: number;
  /** Busy for this process. */
  readonly own: number;
}

/** Null where the system does not tell how busy its cores are. */
export const othersShare = (before: ProcessorTime, after: ProcessorTime): number | null => {
  const all = after.all - before.all;
  if (all <= 0) return null;
  const others = after.busy - before.busy - (after.own - before.own);
  return Math.min(Math.max(others / all, 0), 1);
};

const processorTime = (): ProcessorTime => {
  let [all, busy] = [0, 0];
  for (const { times } of cpus()) {
    const working = times.user + times.nice + times.sys + times.irq;
    busy += working;
    all += working + times.idle;
  }
  const { user, system } = process.cpuUsage();
  return { all, busy, own: (user + system) / 1000 };
};
