/** What `run` leaves and says at its end. */
import { join } from 'node:path';
import { plural } from '../../../reports/text/words.js';
import type { Run } from '../../../results/run/run.js';
import { printJson, printLine, printPainted } from '../command.js';
import { EXIT } from '../exit-codes.js';
import type { RunFlags } from './flags.js';

/** Writes the page and prints the results; the exit code. */
export const finish = async (run: Run, directory: string, { json }: RunFlags): Promise<number> => {
  const { analyse } = await import('../../analysis/analyse.js');
  const { writeReport } = await import('../write-report.js');
  const analysis = analyse(run);
  const report = join(directory, 'report.html');
  await writeReport([{ run, analysis }], report);
  const states = run.trials.map(({ state }) => state);
  const count = (state: string): number => states.filter((one) => one === state).length;
  const reused = run.trials.filter((trial) => trial.state === 'done' && trial.from !== undefined);
  if (json) {
    printJson({
      directory,
      suite: run.plan.suite,
      planKey: run.plan.planKey,
      trials: {
        done: count('done'),
        failed: count('failed'),
        pending: count('pending'),
        reused: reused.length,
      },
      results: join(directory, 'results.csv'),
      report,
      analysis,
    });
  } else {
    const { summaryTable } = await import('../../../reports/summary-table.js');
    printLine();
    printPainted(summaryTable({ run, analysis, width: process.stdout.columns ?? 120 }));
    printLine();
    if (reused.length > 0) {
      printLine(
        `reused   ${reused.length} of ${plural(run.trials.length, 'trial')}, trained by earlier runs: training times are of then`,
      );
    }
    printLine(`results  ${join(directory, 'results.csv')}`);
    printLine(`report   ${report}`);
  }
  const failedLatency = [...run.latency.values()].some(({ state }) => state === 'failed');
  const failedInt8 = run.trials.some(
    (trial) => trial.state === 'done' && trial.result.int8Failure !== undefined,
  );
  return count('failed') > 0 || failedLatency || failedInt8 ? EXIT.trialsFailed : EXIT.success;
};
