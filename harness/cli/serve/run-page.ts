/** The page of a run that may go on: made anew when its journal has grown, but not while latency is measured, which it would disturb. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRun, PROGRESS_FILE, RUN_FILES } from '../../../results/run/load-run.js';
import { progressSchema } from '../../../results/run/progress.js';

export interface RunPage {
  readonly html: string;
  /** Of the records that it was made from. */
  readonly version: string;
  /** Whether results may still come. */
  readonly isOpen: boolean;
}

/** Analyses the run and draws its page. Throws UserError where the folder holds no run, or not yet. */
export const drawRunPage = async (directory: string): Promise<RunPage> => {
  const version = await versionOf(directory);
  const run = await loadRun(directory);
  const { analyse } = await import('../../analysis/analyse.js');
  const { reportPage } = await import('../../../reports/page/page.js');
  const { pageProgram } = await import('../../../reports/page/program.js');
  const isOpen =
    run.trials.some(({ state }) => state === 'pending') ||
    [...run.latency.values()].some(({ state }) => state === 'pending');
  const html = await reportPage([{ run, analysis: analyse(run) }], {
    script: await pageProgram(),
    live: isOpen,
  });
  return { html, version, isOpen };
};

/** Changes whenever something is recorded; empty where there is no journal. */
export const versionOf = async (directory: string): Promise<string> => {
  const parts = await Promise.all(
    [RUN_FILES.plan, RUN_FILES.journal].map((name) =>
      stat(join(directory, name)).then(
        ({ size, mtimeMs }) => `${size}-${mtimeMs}`,
        () => '',
      ),
    ),
  );
  return parts.join(' ');
};

export const isMeasuringLatency = async (directory: string): Promise<boolean> => {
  const text = await readFile(join(directory, PROGRESS_FILE), 'utf8').catch(() => '{}');
  try {
    const progress = progressSchema.safeParse(JSON.parse(text));
    return progress.success && progress.data.latency !== null;
  } catch {
    // It is being written.
    return false;
  }
};
