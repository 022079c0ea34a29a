/** `models/<sha256>.onnx`: exported models by the hash of their content, in the folder of a run or a baseline. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../harness/user-error.js';

export const MODELS = 'models';

export const modelFile = (sha256: string): string => `${sha256}.onnx`;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Null where the file is not there: large models are kept outside git. Throws UserError where its content is another. */
export const readModel = async (folder: string, sha256: string): Promise<Uint8Array | null> => {
  const file = join(folder, MODELS, modelFile(sha256));
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (bytes === null || sha256Of(bytes) === sha256) return bytes;
  throw new UserError(
    `${file} is damaged: its content has not the hash that names it.`,
    'Restore the file from a copy, or save the baseline again.',
  );
};
