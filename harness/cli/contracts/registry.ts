/** The JSON that commands print with --json. Other programs rely on it: fields are only ever added. */
import type { z } from 'zod';
import { baselineSchema } from '../../../results/baseline.js';
import { planSchema } from '../../../results/plan/plan.js';
import { bisectionSchema } from '../../regression/bisect/bisection.js';
import { comparisonSchema } from '../../regression/compare/comparison.js';
import { logLineContract } from '../watch/log-line.js';
import { explainContract, figureContract, initContract, setupContract, tableContract } from './figure.js';
import { historyContract } from './history.js';
import { listContract } from './list.js';
import { cacheListContract, cachePruneContract, statusContract } from './long-run.js';
import {
  costContract,
  costTableContract,
  exportContract,
  importContract,
  rangeContract,
  speedContract,
} from './part.js';
import { profileContract } from './profile.js';
import { evaluateContract, reportContract, runContract } from './run.js';
import { completionContract, schemaContract, serveContract, workerContract } from './service.js';
import { dataContract, doctorContract, downloadContract } from './setup.js';

export const CONTRACTS = {
  cost: costContract,
  'cost --all': costTableContract,
  speed: speedContract,
  profile: profileContract,
  export: exportContract,
  import: importContract,
  evaluate: evaluateContract,
  range: rangeContract,
  list: listContract,
  data: dataContract,
  'data download': downloadContract,
  doctor: doctorContract,
  run: runContract,
  'run --dry-run': planSchema,
  report: reportContract,
  figure: figureContract,
  table: tableContract,
  explain: explainContract,
  init: initContract,
  setup: setupContract,
  baseline: baselineSchema,
  compare: comparisonSchema,
  bisect: bisectionSchema,
  history: historyContract,
  status: statusContract,
  'run --log-file': logLineContract,
  'cache ls': cacheListContract,
  'cache prune': cachePruneContract,
  serve: serveContract,
  worker: workerContract,
  completion: completionContract,
  schema: schemaContract,
} as const satisfies Record<string, z.ZodType>;
