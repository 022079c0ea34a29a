/** Where tfjs-node is: the binding of TF.js to libtensorflow, which nobody gets who has not asked for it. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../../../files/cache-folder.js';

/** In order of preference: the first runs on the CPU too. */
export const BINDINGS = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

export interface Installation {
  readonly name: string;
  readonly version: string;
  /** The package's own folder. */
  readonly folder: string;
}

/** What the user's project has, or else what `setupTensorflow` has put into the cache; null where there is neither. */
export const findInstallation = (): Installation | null => {
  const places = [createRequire(import.meta.url), createRequire(join(setupFolder(), 'package.json'))];
  for (const place of places) {
    for (const name of BINDINGS) {
      const found = packageAt(place, name);
      if (found) return found;
    }
  }
  return null;
};

/** The version of TF.js that this package depends on. A binding must have the same: the two share their tensors. */
export const tfjsVersion = (): string => {
  const core = packageAt(createRequire(import.meta.url), '@tensorflow/tfjs-core');
  if (!core) throw new Error('@tensorflow/tfjs-core is missing from the dependencies of lightbench.');
  return core.version;
};

/** Outside any project, so that no npm ci removes it. */
export const setupFolder = (): string => cacheFolder(`tensorflow-${tfjsVersion()}`);

/** A package that was installed into a folder. */
export const packageIn = (folder: string, name: string): Installation => {
  const found = packageAt(createRequire(join(folder, 'package.json')), name);
  if (!found) throw new Error(`${name} is not in ${folder}.`);
  return found;
};

const manifestSchema = z.object({ version: z.string() });

const packageAt = (place: NodeJS.Require, name: string): Installation | null => {
  try {
    const manifest = place.resolve(`${name}/package.json`);
    const { version } = manifestSchema.parse(place(manifest));
    return { name, version, folder: dirname(manifest) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
};
