/** This machine as a device that latency is measured on. */
import { hostname } from 'node:os';
import type { DeviceKind, DeviceRecord } from '../../../results/measurement/device.js';
import { contentKey } from '../../../results/plan/plan-key.js';
import { usableCores } from './cores.js';
import { platformName, processorName } from './names.js';

/** Names this machine in place of its host name; containers get a new one at every start. */
export const MACHINE_VARIABLE = 'LIGHTBENCH_MACHINE';

/** For those who watch a run. Records, which may be published, hold it only where somebody chose it. */
export const machineName = (): string => process.env[MACHINE_VARIABLE] || hostname();

/** For records: the chosen name, else what the machine was tagged with, else its processor. */
export const recordedMachine = (tags: readonly string[]): string =>
  process.env[MACHINE_VARIABLE] || tags.join(', ') || processorName();

/** What tells this device from every other. */
export const deviceId = (kind: DeviceKind): string =>
  contentKey({
    machine: machineName(),
    kind,
    cpu: processorName(),
    cores: usableCores(),
    platform: platformName(),
  });

export const thisDevice = (kind: DeviceKind, tags: readonly string[], runtime: string): DeviceRecord => ({
  id: deviceId(kind),
  kind,
  name: recordedMachine(tags),
  tags: [...tags],
  cpu: processorName(),
  cores: usableCores(),
  platform: platformName(),
  runtime,
});
