/** What the user's Python has for this engine, and what is missing. */
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../package/package-root.js';
import { userPython } from '../../process/user-python.js';
import { UserError } from '../../user/user-error.js';
import type { EngineState } from '../engine.js';
import { DEVICES, type Device } from './device.js';
import { PROGRAMS, PYTHON_ENVIRONMENT } from './process.js';

/** The oldest with a fused SGD on the CPU. */
export const OLDEST_TORCH = '2.4';

/** The UUID as nvidia-smi writes it; null where torch does not tell. */
const gpuSchema = z.strictObject({ name: z.string(), uuid: z.string().nullable() });

const deviceSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('works'), gpus: z.array(gpuSchema).exactOptional() }),
  z.strictObject({ state: z.literal('missing'), reason: z.string() }),
]);

const descriptionSchema = z.union([
  z.strictObject({ missing: z.string() }),
  z.strictObject({ python: z.string(), torch: z.string(), devices: z.record(z.enum(DEVICES), deviceSchema) }),
]);

/** What a Python says of itself; in words where it says nothing. */
export type Description = z.infer<typeof descriptionSchema> | { readonly failed: string };

const INSTALL = `Install torch ${OLDEST_TORCH} or later for it (python3 -m pip install torch), or name a Python that has it in LIGHTBENCH_PYTHON.`;

/** The state of the engine on a device, or on the best that works. */
export const torchState = (
  description: Description,
  device: Device | 'best',
  python = userPython(),
  platform = process.platform,
): EngineState => {
  if (device !== 'best' && !PLATFORMS[device](platform)) {
    return {
      state: 'unsupported',
      reason: `PyTorch has no ${NAMES[device]} on ${platform}`,
      remedy: 'Use pytorch, which takes the best device that there is.',
    };
  }
  if ('failed' in description) return missing(`${python} ${description.failed}`, INSTALL);
  if ('missing' in description) return missing(`${python} has no torch: ${description.missing}`, INSTALL);
  const { torch: version, devices } = description;
  if (isOlder(version, OLDEST_TORCH)) {
    return missing(`${python} has torch ${version}, and ${OLDEST_TORCH} or later is needed`, INSTALL);
  }
  const chosen = device === 'best' ? bestOf(devices) : device;
  const found = devices[chosen];
  if (found.state === 'works') return { state: 'available', version, device: chosen };
  return missing(found.reason, REMEDIES[chosen]);
};

/** The first that works; the CPU where none does. */
const bestOf = (devices: Readonly<Record<Device, z.infer<typeof deviceSchema>>>): Device =>
  DEVICES.find((device) => devices[device].state === 'works') ?? 'cpu';

/** The device that `best` stands for. Throws UserError where the engine is missing. */
export const bestDevice = async (): Promise<Device> => {
  const description = await describeTorch();
  const state = torchState(description, 'best');
  if (state.state === 'available' && 'devices' in description) return bestOf(description.devices);
  throw new UserError(
    `pytorch is missing: ${'reason' in state ? state.reason : 'it has no device'}.`,
    'remedy' in state ? state.remedy : INSTALL,
  );
};

/** The GPUs in the order in which CUDA numbers them; none where there is no CUDA. */
export const cudaGpus = async (): Promise<readonly z.infer<typeof gpuSchema>[]> => {
  const description = await describeTorch();
  if (!('devices' in description)) return [];
  const { cuda } = description.devices;
  return cuda.state === 'works' ? (cuda.gpus ?? []) : [];
};

const NAMES: Readonly<Record<Device, string>> = { cuda: 'CUDA', mps: 'MPS', cpu: 'CPU' };

const PLATFORMS: Readonly<Record<Device, (platform: NodeJS.Platform) => boolean>> = {
  cuda: (platform) => platform !== 'darwin',
  mps: (platform) => platform === 'darwin',
  cpu: () => true,
};

const REMEDIES: Readonly<Record<Device, string>> = {
  cuda: 'Install the driver of the GPU and a torch that is built for it (pytorch.org names the command), or use pytorch:cpu.',
  mps: 'Use pytorch:cpu.',
  cpu: INSTALL,
};

const missing = (reason: string, remedy: string): EngineState => ({ state: 'missing', reason, remedy });

/** By major and minor version. */
const isOlder = (version: string, oldest: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = oldest.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
};

const known = new Map<string, Promise<Description>>();

/** Asked once in the life of this process: loading torch takes seconds. */
export const describeTorch = (): Promise<Description> => {
  const python = userPython();
  const asked = known.get(python) ?? ask(python);
  known.set(python, asked);
  return asked;
};

/** In a process of its own, which a library that does not fit the processor may end. */
const ask = async (python: string): Promise<Description> => {
  const { execa } = await import('execa');
  const { code, exitCode, signal, stdout, stderr } = await execa(
    python,
    [join(packageRoot(), PROGRAMS, 'describe.py')],
    { reject: false, env: PYTHON_ENVIRONMENT },
  );
  if (code === 'ENOENT') return { failed: 'is not installed' };
  const answer = descriptionSchema.safeParse(parsed(stdout?.trim().split('\n').at(-1) ?? ''));
  if (exitCode === 0 && answer.success) return answer.data;
  const last = stderr?.trim().split('\n').at(-1) ?? '';
  const how = signal ?? `exit code ${exitCode ?? code}`;
  return { failed: `ended by ${how}${last === '' ? '' : ` (${last})`} when it loaded torch` };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
