/** Saves what a suite is built as, in a process of its own: the folder to write, the suite, and the baseline to build it like, if any. */
import { UserError } from '../../user/user-error.js';
import { baselineSnapshot } from './from-folder.js';
import { suiteSnapshot } from './from-suite.js';
import { saveSnapshot } from './save.js';

const [folder = '', suite = '', like] = process.argv.slice(2);
try {
  const former = like === undefined ? null : await baselineSnapshot(like);
  await saveSnapshot(folder, await suiteSnapshot(suite, former));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}
