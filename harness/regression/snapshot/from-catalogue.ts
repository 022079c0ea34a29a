import { listDefinitions } from '../../../blocks/lookup.js';
import { placed } from '../../../blocks/placed.js';
import { DEFAULT_THRESHOLDS } from '../../../results/plan/thresholds.js';
import { describeEnvironment } from '../../measure/machine/environment.js';
import { countedForms } from './counted.js';
import type { Snapshot } from './snapshot.js';

export const CATALOGUE = 'catalogue';

/** Every registered operator, block and network with its default options, where the catalogue page counts it. Costs only. */
export const catalogueSnapshot = async (): Promise<Snapshot> => ({
  kind: 'code',
  name: CATALOGUE,
  source: CATALOGUE,
  madeOf: 'code',
  environment: await describeEnvironment({}),
  entries: listDefinitions().map((definition) => ({
    name: definition.id,
    selection: definition.id,
    ...countedForms(placed(definition)).record,
    model: null,
  })),
  latency: null,
  thresholds: DEFAULT_THRESHOLDS,
  accuracy: null,
});
