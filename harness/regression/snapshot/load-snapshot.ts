import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { BASELINE_FILES } from '../../../results/baseline.js';
import { RUN_FILES } from '../../../results/run/load-run.js';
import { SUITES } from '../../../suites/registry.js';
import { requireOwnSource, splitSource } from '../../run/plan/suite/source.js';
import { didYouMean } from '../../user/did-you-mean.js';
import { UserError } from '../../user/user-error.js';
import { CATALOGUE, catalogueSnapshot } from './from-catalogue.js';
import { baselineSnapshot, runSnapshot } from './from-folder.js';
import type { Snapshot } from './snapshot.js';

/**
 * The snapshot that a name stands for: `catalogue`, a built-in suite, the folder of a run or a baseline, or the file of a suite. Code is
 * built to be compared with `former`, where there is one. Throws UserError where the name stands for nothing, or what it stands for
 * cannot be read or built.
 */
export const loadSnapshot = async (name: string, former: Snapshot | null = null): Promise<Snapshot> => {
  if (!isFolder(name) || isBuiltIn(name)) {
    requireKnown(name);
    return codeSnapshot(name, former);
  }
  if (isBaseline(name)) return baselineSnapshot(name);
  if (existsSync(join(name, RUN_FILES.plan))) return runSnapshot(name);
  throw new UserError(
    `${name} contains neither a run nor a baseline.`,
    `A run contains ${RUN_FILES.plan}, a baseline ${BASELINE_FILES.baseline}; create a baseline with lightbench baseline save.`,
  );
};

const requireKnown = (name: string): void => {
  const { name: suite } = splitSource(name);
  if (isBuiltIn(suite) || existsSync(suite)) return;
  throw new UserError(
    `Unknown suite "${name}", and no folder or file has that name.`,
    didYouMean(
      suite,
      [CATALOGUE, ...SUITES.map(({ id }) => id)],
      `Name the folder of a run or of a baseline, a suite or its file, or ${CATALOGUE}.`,
    ),
  );
};

/** Today's code: `catalogue`, or what loads a suite. */
const codeSnapshot = async (source: string, former: Snapshot | null): Promise<Snapshot> => {
  if (source === CATALOGUE) return catalogueSnapshot();
  const { suiteSnapshot } = await import('./from-suite.js');
  return suiteSnapshot(source, former);
};

/**
 * Today's code of what this folder was made of. Throws UserError also where that is a file from elsewhere, which nobody named here, or one
 * that is gone.
 */
export const ownCodeSnapshot = async (
  folder: string,
  source: string,
  former: Snapshot | null,
): Promise<Snapshot> => {
  requireOwnSource(source, folder);
  const { name } = splitSource(source);
  if (isAbsolute(name) && !existsSync(name)) {
    throw new UserError(
      `${folder} was made of ${name}, which is not there.`,
      'If the file has moved, name it as well.',
    );
  }
  return codeSnapshot(source, former);
};

export const isBaseline = (folder: string): boolean => existsSync(join(folder, BASELINE_FILES.baseline));

const isFolder = (name: string): boolean => existsSync(name) && statSync(name).isDirectory();

const isBuiltIn = (name: string): boolean => name === CATALOGUE || SUITES.some(({ id }) => id === name);
