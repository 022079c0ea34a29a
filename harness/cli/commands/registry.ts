/** The commands: one line each, in the order of the help. */
import type { Register } from '../command.js';
import { baselineCommand } from './baseline.js';
import { bisectCommand } from './bisect.js';
import { compareCommand } from './compare.js';
import { costCommand } from './cost.js';
import { doctorCommand } from './doctor.js';
import { exportCommand } from './export.js';
import { historyCommand } from './history.js';
import { listCommand } from './list.js';
import { rangeCommand } from './range.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { schemaCommand } from './schema.js';
import { setupCommand } from './setup.js';
import { speedCommand } from './speed.js';

export const COMMANDS: readonly Register[] = [
  runCommand,
  reportCommand,
  baselineCommand,
  compareCommand,
  bisectCommand,
  historyCommand,
  listCommand,
  costCommand,
  speedCommand,
  exportCommand,
  rangeCommand,
  doctorCommand,
  setupCommand,
  schemaCommand,
];
