import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { NAMINGS } from '../../../harness/weights/names.js';
import { COUNTERPARTS } from '../../blocks/networks/counterparts.js';
import { it } from '../../support/folder.js';
import { pythonIsMissing } from '../../support/python.js';
import { exchangeWeights } from '../../support/torch-weights.js';

const missing = pythonIsMissing('torch', 'torchvision', 'safetensors', 'onnxruntime');

const some = ['mobilenet-v2', 'shufflenet-v2(width=0.5)', 'mobilenet-v3-small'];

describe.skipIf(missing)(
  `weights under the names of another library${missing ? ` (${missing})` : ''}`,
  () => {
    it('are taken by it strictly and give the same logits, and its own are read', async ({ folder }) => {
      await exchangeWeights(
        folder,
        Object.fromEntries(some.map((id) => [id, COUNTERPARTS[id] ?? never(id)])),
      );
    });
  },
);

describe('the names of other libraries', () => {
  it('are there for every network that has a counterpart', () => {
    for (const naming of NAMINGS) {
      const table: object = JSON.parse(readFileSync(`data/names/${naming}.json`, 'utf8'));
      const known = Object.entries(COUNTERPARTS).filter(([, { loader }]) => loader === naming);
      for (const [id] of known) expect(Object.keys(table)).toContain(id.split('(')[0]);
    }
  });
});

const never = (id: string): never => {
  throw new Error(`${id} has no counterpart.`);
};
