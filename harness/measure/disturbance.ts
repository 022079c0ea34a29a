/** What disturbs measurements: other programs, power saving, heat. */
import { cpus } from 'node:os';
import type { LatencyConditions, MachineState } from '../../results/record.js';
import { LOW_POWER_MODE, machineState } from './machine-state.js';

/** Begins to watch the machine; what is returned ends it and tells. Only this process is not a disturbance. */
export const watchMachine = async (): Promise<() => Promise<LatencyConditions>> => {
  const start = await machineState();
  const before = processorTime();
  return async () => {
    const after = processorTime();
    const end = await machineState();
    const watched = { start, end, othersShare: othersShare(before, after) };
    const all = cpus();
    return {
      cpu: all[0]?.model.trim() ?? 'unknown',
      cores: all.length,
      ...watched,
      warnings: disturbances(watched),
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

/** What disturbed a latency measurement, one sentence each. */
export const disturbances = ({
  start,
  end,
  othersShare,
}: Pick<LatencyConditions, 'start' | 'end' | 'othersShare'>): string[] => {
  const warnings: string[] = [];
  if (othersShare !== null && othersShare > BUSY_SHARE) {
    warnings.push(
      `While latency was measured, other programs kept the cores busy for ${percent(othersShare)} of the time: they disturb the latencies.`,
    );
  }
  const throttled = (end.throttled ?? 0) - (start.throttled ?? 0);
  if (throttled > 0) {
    warnings.push(`While latency was measured, the CPU was slowed down for heat ${throttled} times.`);
  }
  return [...warnings, ...speedWarnings(end)];
};

/** How a machine that changes its own speed does so. */
export const speedWarnings = ({
  governor,
  speedLimit,
}: Pick<MachineState, 'governor' | 'speedLimit'>): string[] => {
  const warnings: string[] = [];
  if (governor !== null && SAVING.has(governor)) {
    warnings.push(
      `The CPU's frequency governor is ${governor}: latencies depend on how busy the machine has been.`,
    );
  }
  if (speedLimit !== null && speedLimit < 1) {
    warnings.push(`The system holds the CPU at ${percent(speedLimit)} of its full speed, for heat or power.`);
  }
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

const percent = (share: number): string => `${Math.round(100 * share)} %`;
