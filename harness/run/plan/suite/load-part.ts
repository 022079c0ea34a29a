import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { AnyDefinition } from '../../../../blocks/part.js';
import { readRegularFile } from '../../../files/regular-file.js';
import { loadBlockFolder } from '../../../import/block/block-folder.js';
import { networkFromOnnx } from '../../../import/network.js';
import { UserError } from '../../../user/user-error.js';
import { importDefault } from './import-default.js';

/**
 * An operator, block or network from a file: an ONNX file, a folder that `lightbench import` wrote, or the default export of a program.
 * Throws UserError where it is none.
 */
export const loadPart = async (file: string): Promise<AnyDefinition> => {
  if (extname(file) === '.onnx') {
    const bytes = await readRegularFile(file, { remedy: 'Name an ONNX file.' });
    return networkFromOnnx(basename(file), bytes);
  }
  const entry = await stat(file).catch(() => undefined);
  if (entry?.isDirectory()) return loadBlockFolder(file);
  const found = await importDefault(file);
  if (isDefinition(found)) return found;
  throw new UserError(
    `The default export of ${file} is not a part.`,
    'Export what defineSpatialOperator, defineChannelOperator, defineBlock or defineNetwork returns.',
  );
};

const isDefinition = (value: unknown): value is AnyDefinition =>
  typeof value === 'object' &&
  value !== null &&
  'instantiate' in value &&
  'kind' in value &&
  'slots' in value;
