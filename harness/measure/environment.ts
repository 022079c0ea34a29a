/** What of the machine and the software decides how long things take. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Environment } from '../../results/record.js';
import { packageRoot } from '../package-root.js';

/** The environment now. `engines` are versions by id. What cannot be read is null, never a guess. */
export const describeEnvironment = async (
  engines: Readonly<Record<string, string>>,
): Promise<Environment> => {
  const facts = {
    cores: availableParallelism(),
    governor: readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    loadAverage: currentLoad(),
    throttled: throttleCount(),
  };
  return {
    lightbench: ownVersion(),
    commit: await currentCommit(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: facts.cores,
    memoryBytes: memoryBytes(),
    governor: facts.governor,
    loadAverage: facts.loadAverage,
    engines: { ...engines },
    startedAt: new Date().toISOString(),
    warnings: environmentWarnings(facts),
  };
};

export interface DisturbanceFacts {
  readonly cores: number;
  readonly governor: string | null;
  /** Over 1, 5 and 15 minutes. */
  readonly loadAverage: Environment['loadAverage'];
  /** Times that a core was slowed down for heat since the machine started; null where the kernel does not tell. */
  readonly throttled: number | null;
}

const BUSY_SHARE = 0.25;

const SAVING_GOVERNORS: ReadonlySet<string> = new Set(['powersave', 'conservative', 'ondemand', 'schedutil']);

/** What disturbs measurements, one sentence each. A load above a quarter of the cores counts. */
export const environmentWarnings = ({
  cores,
  governor,
  loadAverage,
  throttled,
}: DisturbanceFacts): string[] => {
  const [load] = loadAverage;
  const warnings: string[] = [];
  if (load > BUSY_SHARE * cores) {
    warnings.push(
      `The load average is ${load.toFixed(2)} on ${cores} ${cores === 1 ? 'core' : 'cores'}: other programs disturb the latencies.`,
    );
  }
  if (governor !== null && SAVING_GOVERNORS.has(governor)) {
    warnings.push(
      `The CPU's frequency governor is ${governor}: latencies depend on how busy the machine has been.`,
    );
  }
  if (throttled !== null && throttled > 0) {
    warnings.push(`The CPU was slowed down for heat ${throttled} times since the machine started.`);
  }
  return warnings;
};

const currentLoad = (): Environment['loadAverage'] => {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return [one, five, fifteen];
};

/** What the process may use: the limit of its control group where that is less than the machine has. */
const memoryBytes = (): number => {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
};

const throttleCount = (): number | null => {
  const counts = Array.from({ length: availableParallelism() }, (_, core) =>
    readLine(`/sys/devices/system/cpu/cpu${core}/thermal_throttle/core_throttle_count`),
  ).flatMap((count) => (count === null ? [] : [Number(count)]));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
};

const currentCommit = async (): Promise<string | null> => {
  const { failed, stdout } = await execa('git', ['rev-parse', 'HEAD'], { reject: false });
  return failed ? null : stdout.trim();
};

const ownVersion = (): string =>
  JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;

const readLine = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
};
