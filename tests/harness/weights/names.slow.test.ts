/** Every network that another library has, and the tables of its names. */
import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { NAMINGS } from '../../../harness/weights/names.js';
import { COUNTERPARTS, SIZES } from '../../blocks/networks/counterparts.js';
import { it } from '../../support/folder.js';
import { pythonIsMissing } from '../../support/python.js';
import { exchangeWeights } from '../../support/torch-weights.js';
import { askForNames } from '../../support/write-names.js';

const missing = pythonIsMissing('torch', 'torchvision', 'timm', 'safetensors', 'onnxruntime');

describe.skipIf(missing)(`weights of every network${missing ? ` (${missing})` : ''}`, () => {
  it('are taken by the other library strictly, and its own are read', async ({ folder }) => {
    // Theirs have an epsilon of their own where they are named by their width.
    const sizes = Object.entries(SIZES).map(([id, one]) => [
      id,
      one.name.startsWith('mobilenetv3_small') ? { ...one, options: { bn_eps: 1e-3 } } : one,
    ]);
    await exchangeWeights(folder, { ...COUNTERPARTS, ...Object.fromEntries(sizes) });
  });

  it('have the names that the library gives them today', () => {
    const tables = askForNames();
    for (const naming of NAMINGS) {
      expect(tables[naming]).toEqual(JSON.parse(readFileSync(`data/names/${naming}.json`, 'utf8')));
    }
  });
});
