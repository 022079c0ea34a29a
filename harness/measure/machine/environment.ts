/** What of the machine and the software decides how long things take. */
import { totalmem } from 'node:os';
import { execa } from 'execa';
import type { MachineState } from '../../../results/measurement/latency-record.js';
import type { WarningKind } from '../../../results/measurement/warning.js';
import type { Environment } from '../../../results/run/environment.js';
import { ownCode, ownVersion } from '../../package/own-code.js';
import { usableCores } from './cores.js';
import { BUSY_SHARE, speedWarnings } from './disturbance.js';
import { machineState } from './machine-state.js';
import { platformName, processorName } from './names.js';

/** The environment now. `engines` are versions by id, `code` the folder whose commit it is. What cannot be read is null, never a guess. */
export const describeEnvironment = async (
  engines: Readonly<Record<string, string>>,
  code = '.',
): Promise<Environment> => {
  const cores = usableCores();
  const state = await machineState();
  return {
    lightbench: ownVersion(),
    code: ownCode(),
    ...(await checkoutOf(code)),
    node: process.version,
    platform: platformName(),
    cpu: processorName(),
    cores,
    memoryBytes: memoryBytes(),
    governor: state.governor,
    loadAverage: state.loadAverage,
    engines: { ...engines },
    startedAt: new Date().toISOString(),
    warnings: environmentWarnings({ cores, ...state }),
  };
};

/** What disturbs measurements. A load above a quarter of the cores counts. */
export const environmentWarnings = ({
  cores,
  ...state
}: MachineState & { readonly cores: number }): WarningKind[] => {
  const [load] = state.loadAverage;
  const warnings: WarningKind[] = [];
  if (load > BUSY_SHARE * cores) warnings.push({ kind: 'load', load, cores });
  warnings.push(...speedWarnings(state));
  if (state.throttled !== null && state.throttled > 0) {
    warnings.push({ kind: 'heat-since-boot', times: state.throttled });
  }
  return warnings;
};

/** What the process may use: the limit of its control group where that is less than the machine has. */
const memoryBytes = (): number => {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
};

/** New files do not count: runs are often kept where they are made. */
const checkoutOf = async (folder: string): Promise<Pick<Environment, 'commit' | 'uncommitted'>> => {
  const git = (...args: readonly string[]) => execa('git', args, { cwd: folder, reject: false });
  const [head, changes] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('--no-optional-locks', 'status', '--porcelain', '--untracked-files=no'),
  ]);
  if (head.failed) return { commit: null };
  return { commit: head.stdout.trim(), ...(changes.stdout === '' ? {} : { uncommitted: true }) };
};
