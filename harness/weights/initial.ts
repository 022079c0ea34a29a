/** Weights of a file to start a training from. */
import { readRegularFileSync } from '../files/regular-file.js';
import type { GivenWeights } from '../graph/given-weights.js';
import { finiteWeightsIn, type NamedNetwork } from './files.js';
import { givenWeights } from './given-weights.js';
import { decodeSafetensors } from './safetensors.js';

/**
 * Of a classifier for other classes nothing is taken: it starts from random values. The whole file is checked at once. Throws UserError
 * where it cannot be read, or is not of this network.
 */
export const initialFrom = (file: string, named: NamedNetwork): GivenWeights => {
  const bytes = readRegularFileSync(file, REMEDY);
  const { weights } = finiteWeightsIn(decodeSafetensors(bytes, file), file, named);
  return givenWeights(bytes, () => weights);
};

const REMEDY = 'Name a safetensors file in init, relative to the suite.';
