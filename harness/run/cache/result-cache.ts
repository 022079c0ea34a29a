/**
 * Results of finished trainings by their facts, in a folder that all runs of a user share: one file a result, written whole and never
 * changed. Whoever writes the same result at the same time writes the same bytes.
 */
import { existsSync } from 'node:fs';
import { constants, copyFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { requireSealed, sealed, withoutSeal } from '../../../results/journal/checksum.js';
import { weightsRecordSchema } from '../../../results/model/weights.js';
import { checkRecord, parseJson } from '../../../results/parse.js';
import { SCHEMA_VERSION } from '../../../results/plan/plan.js';
import { originSchema } from '../../../results/training/origin.js';
import { trialResultSchema, tryResultSchema } from '../../../results/training/trial.js';
import { filesBeneath } from '../../files/beneath.js';
import { makeFolders } from '../../files/make-folders.js';
import { systemCode } from '../../files/system-error.js';
import { PARTIAL } from '../../files/write-whole.js';
import { UserError } from '../../user/user-error.js';
import { keyOf, type TrainingFacts, trainingFactsSchema } from './training-facts.js';

const common = { schema: z.literal(SCHEMA_VERSION), facts: trainingFactsSchema, from: originSchema };

const entrySchema = z.union([
  z.strictObject({
    ...common,
    kind: z.literal('trial'),
    result: trialResultSchema,
    /** Kept in a file beside the entry, or why not. */
    weights: weightsRecordSchema.exactOptional(),
  }),
  z.strictObject({ ...common, kind: z.literal('try'), result: tryResultSchema }),
]);

export type CachedResult = z.infer<typeof entrySchema>;

type WithoutSchema<T> = T extends unknown ? Omit<T, 'schema'> : never;

/** What lies in the folder under the key of a training. */
export type Found =
  | { readonly state: 'none' }
  | { readonly state: 'whole'; readonly entry: CachedResult }
  | { readonly state: 'damaged'; readonly file: string; readonly problem: string };

/** The result of a training with these facts. Throws UserError, or the system's error, where the folder cannot be read. */
export const findResult = async (folder: string, facts: TrainingFacts): Promise<Found> => {
  const file = fileOf(folder, keyOf(facts));
  const found = await readEntry(file);
  if (found.state === 'whole' && keyOf(found.entry.facts) !== keyOf(facts)) {
    return { state: 'damaged', file, problem: 'it is of another training' };
  }
  return found;
};

/** Where the weights of a trial with these facts lie, if they are kept. */
export const cachedWeights = (folder: string, facts: TrainingFacts): string =>
  weightsOf(fileOf(folder, keyOf(facts)));

/** Of an entry's file. */
const weightsOf = (file: string): string => file.replace(/\.json$/, '.safetensors');

/**
 * Throws the system's error where the folder cannot be written.
 * @param weights file of the weights that the entry says are kept.
 */
export const keepResult = async (
  folder: string,
  entry: WithoutSchema<CachedResult>,
  weights?: string,
): Promise<void> => {
  const key = keyOf(entry.facts);
  const file = fileOf(folder, key);
  await makeFolders(join(folder, key.slice(0, 2)), { mode: 0o700 });
  const partial = `${file}.${process.pid}.${performance.now()}${PARTIAL}`;
  try {
    if (weights !== undefined) {
      // The file system may share the blocks.
      await copyFile(weights, partial, constants.COPYFILE_FICLONE);
      await rename(partial, weightsOf(file));
    }
    await writeFile(partial, JSON.stringify(sealed({ schema: SCHEMA_VERSION, ...entry })));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
};

export interface ListedResult {
  readonly key: string;
  readonly file: string;
  /** With its weights. */
  readonly bytes: number;
  readonly found: Exclude<Found, { state: 'none' }>;
}

/** Everything in the folder, and what was left half-written; nothing where there is no folder. */
export const listResults = async (
  folder: string,
): Promise<{ readonly results: readonly ListedResult[]; readonly partial: readonly string[] }> => {
  const names = existsSync(folder) ? [...filesBeneath(folder, { follow: false })] : [];
  const keys = names.flatMap((name) => ENTRY.exec(name)?.[1] ?? []);
  const results: ListedResult[] = [];
  for (const key of [...new Set(keys)].toSorted()) {
    const file = fileOf(folder, key);
    const bytes = (await sizeOf(file)) + (await sizeOf(weightsOf(file)));
    const found = await readEntry(file);
    if (found.state !== 'none') results.push({ key, file, found, bytes });
    else if (bytes > 0) results.push({ key, file, bytes, found: { state: 'damaged', file, problem: ALONE } });
  }
  return {
    results,
    partial: names.filter((name) => name.endsWith(PARTIAL)).map((name) => join(folder, name)),
  };
};

/** Deletes an entry with its weights. */
export const dropResult = async (file: string): Promise<void> => {
  await rm(file, { force: true });
  await rm(weightsOf(file), { force: true });
};

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => null))?.size ?? 0;

/** Of what a process was killed before it wrote the entry, or between deleting the two. */
const ALONE = 'of the result only its weights are left';

/** The key, of the path of an entry or its weights in the folder. */
const ENTRY = /^[0-9a-f]{2}[\\/]([0-9a-f]{64})\.(?:json|safetensors)$/;

const fileOf = (folder: string, key: string): string => join(folder, key.slice(0, 2), `${key}.json`);

const readEntry = async (file: string): Promise<Found> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return { state: 'none' };
  try {
    const written = parseJson(text, file, '');
    requireSealed(written, file, { must: true, remedy: '' });
    return { state: 'whole', entry: checkRecord(entrySchema, withoutSeal(written), file, '') };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { state: 'damaged', file, problem: error.message };
  }
};
