/** The commands: one line each, by task, in the order of the help. */
import type { Register } from '../command.js';
import { baselineCommand } from './baseline.js';
import { bisectCommand } from './bisect.js';
import { cacheCommand } from './cache.js';
import { compareCommand } from './compare.js';
import { completionCommand } from './completion.js';
import { costCommand } from './cost.js';
import { dataCommand } from './data.js';
import { doctorCommand } from './doctor.js';
import { evaluateCommand } from './evaluate.js';
import { explainCommand } from './explain.js';
import { exportCommand } from './export.js';
import { figureCommand } from './figure.js';
import { historyCommand } from './history.js';
import { importCommand } from './import.js';
import { initCommand } from './init.js';
import { listCommand } from './list.js';
import { profileCommand } from './profile.js';
import { rangeCommand } from './range.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { schemaCommand } from './schema.js';
import { serveCommand } from './serve.js';
import { setupCommand } from './setup.js';
import { speedCommand } from './speed.js';
import { statusCommand } from './status.js';
import { tableCommand } from './table.js';
import { workerCommand } from './worker.js';

export const COMMANDS: Readonly<Record<string, readonly Register[]>> = {
  'Compare:': [
    initCommand,
    runCommand,
    statusCommand,
    reportCommand,
    serveCommand,
    figureCommand,
    tableCommand,
    explainCommand,
    workerCommand,
    cacheCommand,
  ],
  'Look at a part:': [listCommand, costCommand, speedCommand, profileCommand, rangeCommand],
  'Bring networks in and out:': [importCommand, exportCommand, evaluateCommand],
  'Track regressions:': [baselineCommand, compareCommand, bisectCommand, historyCommand],
  'Set up:': [doctorCommand, setupCommand, dataCommand, completionCommand, schemaCommand],
};
