import type { Run } from '../../results/run/run.js';
import type { Analysis } from '../analysis/analysis.js';
import { writeOutput } from './write-output.js';

/** Writes the page about these runs. Throws UserError where the file cannot be written. */
export const writeReport = async (
  inputs: readonly { readonly run: Run; readonly analysis: Analysis }[],
  file: string,
): Promise<void> => {
  const { reportPage } = await import('../../reports/page/page.js');
  await writeOutput(file, await reportPage(inputs));
};
