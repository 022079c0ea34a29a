/** What of the machine and the software decides how long things take. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Environment, MachineState } from '../../results/record.js';
import { packageRoot } from '../package-root.js';
import { BUSY_SHARE, speedWarnings } from './disturbance.js';
import { machineState } from './machine-state.js';

/** The environment now. `engines` are versions by id. What cannot be read is null, never a guess. */
export const describeEnvironment = async (
  engines: Readonly<Record<string, string>>,
): Promise<Environment> => {
  const cores = availableParallelism();
  const state = await machineState();
  return {
    lightbench: ownVersion(),
    commit: await currentCommit(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores,
    memoryBytes: memoryBytes(),
    governor: state.governor,
    loadAverage: state.loadAverage,
    engines: { ...engines },
    startedAt: new Date().toISOString(),
    warnings: environmentWarnings({ cores, ...state }),
  };
};

/** What disturbs measurements, one sentence each. A load above a quarter of the cores counts. */
export const environmentWarnings = ({
  cores,
  ...state
}: MachineState & { readonly cores: number }): string[] => {
  const [load] = state.loadAverage;
  const warnings: string[] = [];
  if (load > BUSY_SHARE * cores) {
    warnings.push(
      `The load average is ${load.toFixed(2)} on ${cores} ${cores === 1 ? 'core' : 'cores'}: other programs disturb the latencies.`,
    );
  }
  warnings.push(...speedWarnings(state));
  if (state.throttled !== null && state.throttled > 0) {
    warnings.push(`The CPU was slowed down for heat ${state.throttled} times since the machine started.`);
  }
  return warnings;
};

/** What the process may use: the limit of its control group where that is less than the machine has. */
const memoryBytes = (): number => {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
};

const currentCommit = async (): Promise<string | null> => {
  const { failed, stdout } = await execa('git', ['rev-parse', 'HEAD'], { reject: false });
  return failed ? null : stdout.trim();
};

const ownVersion = (): string =>
  JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
