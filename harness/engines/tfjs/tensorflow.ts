/** TF.js on libtensorflow: on the GPU where there is CUDA and the binding for it, else on the CPU. */
import { UserError } from '../../user/user-error.js';
import type { EngineState } from '../engine.js';
import type { TfjsBackend } from './backends/backend.js';
import { tfjsEngine } from './engine.js';
import { BINDINGS, findInstallation, type Installation, tfjsVersion } from './install/installation.js';
import type { Started } from './install/libtensorflow.js';

const SETUP = 'Run lightbench setup tensorflow.';

/** What the installation is; `start` tells what it turns out to be. */
export const stateOf = async (
  installation: Installation | null,
  start: (installation: Installation) => Promise<Started>,
): Promise<EngineState> => {
  if (!installation) return missing(`neither ${BINDINGS.join(' nor ')} is installed`, SETUP);
  const { name, version } = installation;
  if (version !== tfjsVersion()) {
    return missing(
      `${name} ${version} does not fit the TF.js of lightbench, ${tfjsVersion()}`,
      `Run npm install ${name}@${tfjsVersion()} where you have it from, or remove it and run lightbench setup tensorflow.`,
    );
  }
  const started = await start(installation);
  if (started.state === 'failed') return missing(`${name} does not start: ${started.reason}`, SETUP);
  const { libtensorflow, device } = started;
  if (!isSupported(libtensorflow)) {
    return missing(`${name} has libtensorflow ${libtensorflow}, and TF.js needs 2.9 or a later 2.x`, SETUP);
  }
  return { state: 'available', version: `${version} libtensorflow ${libtensorflow}`, device };
};

const missing = (reason: string, remedy: string): EngineState => ({ state: 'missing', reason, remedy });

const isSupported = (libtensorflow: string): boolean => {
  const [major = 0, minor = 0] = libtensorflow.split('.').map(Number);
  return major === 2 && minor >= 9;
};

const describe = (): Promise<EngineState> =>
  stateOf(findInstallation(), async (installation) => {
    const { startElsewhere } = await import('./install/libtensorflow.js');
    return startElsewhere(installation);
  });

const load = async (threads: number): Promise<TfjsBackend> => {
  const { startHere, tensorflowBackend } = await import('./backends/tensorflow-backend.js');
  const state = await stateOf(findInstallation(), (installation) => startHere(installation, threads));
  if (state.state === 'available') return tensorflowBackend;
  throw new UserError(`tensorflow is missing: ${state.reason}.`, state.remedy);
};

export const tensorflow = tfjsEngine({ id: 'tensorflow', describe }, load);
