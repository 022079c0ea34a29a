import { writeFile } from 'node:fs/promises';
import type { Run } from '../../results/record.js';
import type { Analysis } from '../analysis/analysis.js';
import { UserError } from '../user-error.js';

/** Writes the page about these runs. Throws UserError where the file cannot be written. */
export const writeReport = async (
  inputs: readonly { readonly run: Run; readonly analysis: Analysis }[],
  file: string,
): Promise<void> => {
  const { reportPage } = await import('../../reports/page.js');
  await writePage(file, await reportPage(inputs));
};

/** Throws UserError where the file cannot be written. */
export const writePage = async (file: string, page: string): Promise<void> => {
  try {
    await writeFile(file, page);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UserError(
      `${file} cannot be written: ${error.message}.`,
      'Name a file in a folder that you may write to.',
    );
  }
};
