/** The trained weights of a trial: `weights/<candidate>/<seed>.safetensors` in the folder of a run. */
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../plan/plan.js';
import { costFileNames } from './cost-rows.js';

/** Folder of the files, in that of a run. */
export const WEIGHTS = 'weights';

export const weightsRecordSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('kept'),
    /** Of the file. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 hash in hexadecimal'),
    bytes: z.int().min(0),
  }),
  z.strictObject({ state: z.literal('absent'), reason: z.string() }),
]);

/** What has become of the trained weights of a trial: kept in a file, or not, and why. */
export type WeightsRecord = z.infer<typeof weightsRecordSchema>;

/** The folder of each candidate, of the letters and digits of its name; one has no other's. */
export const weightFolders = ({ candidates }: Pick<Plan, 'candidates'>): ReadonlyMap<string, string> =>
  new Map(
    [...costFileNames(candidates.map(({ name }) => name))].map(([name, file]) => [
      name,
      basename(file, extname(file)),
    ]),
  );

/** In the folder of a run. */
export const weightsPath = (
  directory: string,
  plan: Pick<Plan, 'candidates'>,
  { candidate, seed }: { readonly candidate: string; readonly seed: number },
): string => join(directory, WEIGHTS, weightFolders(plan).get(candidate) ?? '', `${seed}.safetensors`);
