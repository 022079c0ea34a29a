/** `models/<sha256>.onnx`: exported models by the hash of their content, in the folder of a run or a baseline. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, systemCode } from '../../harness/files/system-error.js';
import { UserError } from '../../harness/user/user-error.js';
import { sha256Of } from '../journal/checksum.js';

export const MODELS = 'models';

export const modelFile = (sha256: string): string => `${sha256}.onnx`;

/** Null where the file is not there: large models are kept outside git. Throws UserError where its content is another. */
export const readModel = async (folder: string, sha256: string): Promise<Uint8Array | null> => {
  const file = join(folder, MODELS, modelFile(sha256));
  const bytes = await readFile(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw fileError(error, { path: file, use: 'read' });
  });
  if (bytes === null || sha256Of(bytes) === sha256) return bytes;
  throw new UserError(
    `${file} is damaged: its content does not match the hash in its name.`,
    'Restore the file from a copy, or save the baseline again.',
  );
};
