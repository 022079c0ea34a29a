/** A session whose runs onnxruntime times operation by operation. Its profiler writes a file, which is read when the session ends. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../files/temporary-folder.js';
import { InferenceSession, Tensor } from './native.js';
import { sessionSettings } from './predictor-model.js';
import { type KernelTimes, kernelTimes } from './profile-events.js';

/** What a run takes: values and their dimensions, by input. */
export type Feeds = Readonly<
  Record<string, { readonly values: Float32Array; readonly dims: readonly number[] }>
>;

export interface ProfiledSession {
  readonly run: () => Promise<void>;
  /** Every kernel in the order of execution. The session cannot be used afterwards. */
  readonly end: () => Promise<readonly KernelTimes[]>;
}

/** The model on the CPU, run with the same inputs again and again. */
export const profiledSession = async (
  model: Uint8Array,
  feeds: Feeds,
  threads: number,
): Promise<ProfiledSession> => {
  const folder = await temporaryFolder('profile');
  const { executionProviders, ...settings } = sessionSettings(threads, 'cpu');
  const session = await InferenceSession.create(model, {
    ...settings,
    executionProviders: [...executionProviders],
    enableProfiling: true,
    profileFilePrefix: join(folder.path, 'run'),
  });
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { values, dims }]) => [name, new Tensor('float32', values, dims)]),
  );
  return {
    run: async () => {
      await session.run(inputs);
    },
    end: async () => {
      session.endProfiling();
      await session.release();
      const [file] = await readdir(folder.path);
      if (file === undefined) throw new RangeError('onnxruntime wrote no profile.');
      const text = await readFile(join(folder.path, file), 'utf8');
      folder.remove();
      return kernelTimes(JSON.parse(text));
    },
  };
};
