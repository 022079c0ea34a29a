/** What the machine is like at a moment: what it does besides, and how fast it lets itself be. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { MachineState } from '../../../results/measurement/latency-record.js';

/** From the kernel on Linux, from `pmset` on macOS. What cannot be read is null, never a guess. */
export const machineState = async (): Promise<MachineState> => {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  const loadAverage: MachineState['loadAverage'] = [one, five, fifteen];
  if (process.platform === 'darwin') {
    const [settings, therm] = await Promise.all([pmset(), pmset('therm')]);
    return { loadAverage, governor: powerModeOf(settings), throttled: null, speedLimit: speedLimitOf(therm) };
  }
  return { loadAverage, governor: kernelGovernor(), throttled: throttleCount(), speedLimit: null };
};

export const LOW_POWER_MODE = 'low power mode';

/** From `pmset -g`: whether macOS saves power, named like a governor. */
export const powerModeOf = (settings: string): string | null =>
  /^\s*lowpowermode\s+1\s*$/m.test(settings) ? LOW_POWER_MODE : null;

/** From `pmset -g therm`: the share of its full speed that macOS allows the CPU. */
export const speedLimitOf = (therm: string): number | null => {
  const limit = /CPU_Speed_Limit\s*=\s*(\d+)/.exec(therm)?.[1];
  return limit === undefined ? null : Number(limit) / 100;
};

const pmset = async (...what: readonly string[]): Promise<string> => {
  const { execa } = await import('execa');
  const { failed, stdout } = await execa('pmset', ['-g', ...what], { reject: false });
  return failed ? '' : stdout;
};

const kernelGovernor = (): string | null => readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');

/** Of all cores of the machine, which share their heat. */
const throttleCount = (): number | null => {
  const counts = [...cpus().keys()]
    .map((core) => readLine(`/sys/devices/system/cpu/cpu${core}/thermal_throttle/core_throttle_count`))
    .flatMap((count) => (count === null ? [] : [Number(count)]));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
};

const readLine = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
};
