/** The folder of a run: made so that nothing is overwritten, and read back for a resumed run. */
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal } from '../../results/journal.js';
import { type Environment, type Plan, SCHEMA_VERSION } from '../../results/record.js';
import { RUN_FILES } from '../../results/run.js';
import { UserError } from '../user-error.js';

/** Makes the folder with the plan, the environment and a journal. Throws UserError where it is in use or cannot be written. */
export const createRunDirectory = async (
  directory: string,
  plan: Plan,
  environment: Environment,
): Promise<void> => {
  await makeFolder(directory);
  const present = await explained(directory, () => readdir(directory));
  if (present.includes(RUN_FILES.plan)) {
    throw new UserError(
      `${directory} already holds a run.`,
      `Continue it with --resume ${directory}, or choose another folder with --out.`,
    );
  }
  if (present.length > 0) {
    throw new UserError(`${directory} is not empty.`, 'Choose a new or an empty folder with --out.');
  }
  await writeWhole(directory, RUN_FILES.environment, toJson(environment));
  const journal = Journal.open(join(directory, RUN_FILES.journal));
  journal.append({
    event: 'run-started',
    schema: SCHEMA_VERSION,
    suite: plan.suite,
    planKey: plan.planKey,
    at: new Date().toISOString(),
  });
  journal.close();
  await writePlan(directory, plan);
};

/** With the folders above it. Throws UserError where that is impossible. */
export const makeFolder = async (directory: string): Promise<void> => {
  await explained(directory, () => mkdir(directory, { recursive: true }));
};

export const writePlan = (directory: string, plan: Plan): Promise<void> =>
  writeWhole(directory, RUN_FILES.plan, toJson(plan));

/** Writes a file of the run so that it is either the old one or the whole new one. Throws UserError where that is impossible. */
export const writeWhole = async (
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<void> => {
  const target = join(directory, name);
  await explained(target, async () => {
    await writeFile(`${target}.partial`, content);
    await rename(`${target}.partial`, target);
  });
};

const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const explained = async <T>(path: string, operation: () => Promise<T>): Promise<T> => {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
    throw new UserError(
      `${path} cannot be written: ${error.message}.`,
      full
        ? 'Free some space; a run that had begun goes on with --resume.'
        : 'Choose a folder that you may write to with --out.',
    );
  }
};
