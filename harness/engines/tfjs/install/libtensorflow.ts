/** What an installation of tfjs-node turns out to be when it is started. */
import { execa } from 'execa';
import { z } from 'zod';
import type { Installation } from './installation.js';
import { errorIn } from './tool.js';

export type Started =
  | { readonly state: 'started'; readonly libtensorflow: string; readonly device: 'cpu' | 'gpu' }
  | { readonly state: 'failed'; readonly reason: string };

const backendSchema = z.object({
  binding: z.object({ TF_Version: z.string() }),
  isUsingGpuDevice: z.boolean(),
});

/** From what TF.js calls the backend of an installation that was loaded. */
export const started = (backend: unknown): Started => {
  const { binding, isUsingGpuDevice } = backendSchema.parse(backend);
  return {
    state: 'started',
    libtensorflow: binding.TF_Version,
    device: isUsingGpuDevice ? 'gpu' : 'cpu',
  };
};

/** Errors only, no advice on processors. */
export const QUIET = { TF_CPP_MIN_LOG_LEVEL: '2' };

/** tfjs-node calls a function that Node 23 took away. */
const PROGRAM = `
require('node:util').isNullOrUndefined ??= (value) => value === null || value === undefined;
const { binding, isUsingGpuDevice } = require(process.argv[1]).backend();
console.log('\\n' + JSON.stringify({ binding: { TF_Version: binding.TF_Version }, isUsingGpuDevice }));`;

/** Starts it in a process of its own, which it may end, and where it may take all the threads it likes. */
export const startElsewhere = async ({ folder }: Installation): Promise<Started> => {
  const { exitCode, signal, stdout, stderr } = await execa(process.execPath, ['-e', PROGRAM, folder], {
    reject: false,
    env: QUIET,
  });
  if (signal) return { state: 'failed', reason: `its process ended by ${signal}` };
  if (exitCode !== 0) return { state: 'failed', reason: errorIn(stderr) };
  return started(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
};
