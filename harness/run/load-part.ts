import type { AnyDefinition } from '../../blocks/define.js';
import { UserError } from '../user-error.js';
import { importDefault } from './import-default.js';

/** A user's own operator, block or network: the default export of a file. Throws UserError where it is none. */
export const loadPart = async (file: string): Promise<AnyDefinition> => {
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
