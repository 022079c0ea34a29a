/**
 * Installs what the engine `tensorflow` needs, outside any project: TF.js's binding to libtensorflow as it is published, or built
 * here against the library inside TensorFlow's Python wheel.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../../../files/make-folders.js';
import { UserError } from '../../../user/user-error.js';
import { buildBinding } from './build-binding.js';
import { packageIn, setupFolder, tfjsVersion } from './installation.js';
import { startElsewhere } from './libtensorflow.js';
import { runTool, toolWorks } from './tool.js';

export interface SetupOptions {
  /** Build with g++ against the library in the wheel on PyPI, rather than download what the makers of TF.js publish. */
  readonly fromPip: boolean;
  /** What happens now, in a few words. */
  readonly onProgress?: (step: string) => void;
}

export interface Setup {
  /** The binding's package. */
  readonly name: string;
  readonly folder: string;
  readonly libtensorflow: string;
  readonly device: 'cpu' | 'gpu';
}

/**
 * With CUDA, by nvidia-smi, the binding for GPUs. An earlier installation is replaced only by one that starts. Throws UserError, with
 * what to do, where a step fails.
 */
export const setupTensorflow = async ({ fromPip, onProgress = () => {} }: SetupOptions): Promise<Setup> => {
  const gpu = await toolWorks('nvidia-smi', ['-L']);
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  const folder = setupFolder();
  const draft = `${folder}.draft`;
  try {
    await rm(draft, { recursive: true, force: true });
    await makeFolders(draft);
    await writeFile(
      join(draft, 'package.json'),
      JSON.stringify({ private: true, allowScripts: { [name]: true } }),
    );
    await (fromPip
      ? buildBinding(name, { gpu, folder: draft, onProgress })
      : install(name, draft, onProgress));
    onProgress('Starting it');
    const started = await startElsewhere(packageIn(draft, name));
    if (started.state === 'failed') {
      throw new UserError(`${name} was installed but does not start: ${started.reason}.`, FROM_PIP);
    }
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    const { libtensorflow, device } = started;
    return { name, folder, libtensorflow, device };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

const FROM_PIP =
  'On Linux for x64 it can be built here against the library that PyPI has: run lightbench setup tensorflow --from-pip.';

const install = async (name: string, folder: string, onProgress: (step: string) => void): Promise<void> => {
  onProgress(`Installing ${name} with the libtensorflow that it downloads`);
  await runTool('npm', ['install', '--no-audit', '--no-fund', `${name}@${tfjsVersion()}`], {
    folder,
    what: `Installing ${name}`,
    remedy: `The library comes from storage.googleapis.com. ${FROM_PIP}`,
  });
};
