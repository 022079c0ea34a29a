import { loadRun } from '../../../results/run.js';
import { examples, printLine, type Register } from '../command.js';

export const reportCommand: Register = (program) => {
  program
    .command('report')
    .summary('the page and the table of one run or several')
    .description(
      'Analyses finished or unfinished runs and writes one self-contained page that works offline.',
    )
    .argument('<run-dir...>', 'folders of runs')
    .option('--out <file>', 'the page', 'report.html')
    .addHelpText(
      'after',
      examples('report runs/quick-2025-01-02T030405', 'report runs/a runs/b --out both.html'),
    )
    .action(async (directories: readonly string[], { out }: { readonly out: string }) => {
      const { analyse } = await import('../../analysis/analyse.js');
      const { summaryTable } = await import('../../../reports/summary-table.js');
      const { writeReport } = await import('../write-report.js');
      const inputs = [];
      for (const directory of directories) {
        const run = await loadRun(directory);
        inputs.push({ run, analysis: analyse(run) });
      }
      for (const { run, analysis } of inputs) {
        printLine(summaryTable({ run, analysis, width: process.stdout.columns ?? 120 }));
        printLine();
      }
      if (inputs.length > 1) {
        const { APART, betweenRuns } = await import('../../../reports/between-runs.js');
        for (const line of [APART, ...betweenRuns(inputs.map(({ run }) => run))]) printLine(line);
        printLine();
      }
      await writeReport(inputs, out);
      printLine(`report   ${out}`);
    });
};
