/** The folder of a run: made so that nothing is overwritten, and read back for a resumed run. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sealed } from '../../../results/journal/checksum.js';
import type { JournalEvent } from '../../../results/journal/events.js';
import { Journal } from '../../../results/journal/journal.js';
import { type Plan, SCHEMA_VERSION } from '../../../results/plan/plan.js';
import type { Environment } from '../../../results/run/environment.js';
import { isBeginning, isTransient, RUN_FILES } from '../../../results/run/load-run.js';
import { alreadyThere } from '../../files/already-there.js';
import { makeFolders } from '../../files/make-folders.js';
import { fileError, systemCode } from '../../files/system-error.js';
import { writeWhole as writeWholeFile } from '../../files/write-whole.js';
import { UserError } from '../../user/user-error.js';

/** Throws UserError where the folder holds anything but the beginning of a run that was killed before it had a plan. */
export const requireNewDirectory = async (directory: string): Promise<void> => {
  const present = await alreadyThere(directory, ANOTHER_FOLDER);
  if (present.includes(RUN_FILES.plan)) {
    throw new UserError(
      `${directory} already contains a run.`,
      `Continue it with --resume ${directory}, or choose another folder with --out.`,
    );
  }
  if (present.every(isTransient) || isBeginning(directory, present)) return;
  if (present.length > 0) {
    throw new UserError(`${directory} is not empty.`, 'Choose a new or an empty folder with --out.');
  }
};

const ANOTHER_FOLDER = 'Choose a folder that you may write to with --out.';

/**
 * Writes the plan, the environment and a journal into a folder that this process has locked. Throws UserError where it is in use or
 * cannot be written.
 */
export const createRunDirectory = async (
  directory: string,
  plan: Plan,
  environment: Environment,
): Promise<void> => {
  await requireNewDirectory(directory);
  await rm(join(directory, RUN_FILES.journal), { force: true });
  await writeWhole(directory, RUN_FILES.environment, toJson(sealed(environment)));
  const journal = Journal.open(join(directory, RUN_FILES.journal));
  journal.append(runStarted(plan));
  journal.close();
  await writePlan(directory, plan);
};

/** The first line of a journal. */
export const runStarted = ({ suite, planKey }: Plan): JournalEvent => ({
  event: 'run-started',
  schema: SCHEMA_VERSION,
  suite,
  planKey,
  at: new Date().toISOString(),
});

/** With the folders above it. Throws UserError where that is impossible. */
export const makeFolder = async (directory: string): Promise<void> => {
  await explained(directory, () => makeFolders(directory));
};

/** A folder in that of a run, which is not made anew where it has been moved. Throws UserError where that is impossible. */
export const makeInnerFolder = async (folder: string): Promise<void> => {
  await explained(folder, () =>
    mkdir(folder).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    }),
  );
};

export const writePlan = (directory: string, plan: Plan): Promise<void> =>
  writeWhole(directory, RUN_FILES.plan, toJson(sealed(plan)));

/** Writes a file of the run so that it is either the old one or the whole new one. Throws UserError where that is impossible. */
export const writeWhole = async (
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> => {
  const target = join(directory, name);
  await explained(target, () => writeWholeFile(target, content));
};

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const explained = async <T>(path: string, operation: () => Promise<T>): Promise<T> => {
  try {
    return await operation();
  } catch (error) {
    throw fileError(error, {
      path,
      use: 'written',
      remedy: ANOTHER_FOLDER,
      whenFull: 'Free some space; a run that had begun goes on with --resume.',
    });
  }
};
