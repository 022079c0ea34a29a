import { join } from 'node:path';
import { loadRun } from '../../../results/run/load-run.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';

interface Options {
  readonly out?: string;
  readonly json?: true;
}

export const reportCommand: Register = (program) => {
  program
    .command('report')
    .summary('table and HTML page of one or several runs')
    .description('Analyses runs, finished or not, and writes one self-contained page that works offline.')
    .argument('<run-dir...>', 'run folders')
    .option(
      '--out <file>',
      'where to write the page (default: report.html in the run folder, or here for several runs)',
    )
    .option(
      '--json',
      'print every comparison and claim of one run, without a page; see lightbench schema report',
    )
    .addHelpText(
      'after',
      examples(
        'report runs/quick-2025-01-02T030405',
        'report runs/a runs/b --out both.html',
        'report runs/a --json',
      ),
    )
    .action(async (directories: readonly string[], { out = pageOf(directories), json }: Options) => {
      const { analyse } = await import('../../analysis/analyse.js');
      if (json) {
        const { reportJson } = await import('../report-json.js');
        const run = await loadRun(onlyOne(directories));
        printJson(reportJson(run, analyse(run)));
        return;
      }
      const { summaryTable } = await import('../../../reports/summary-table.js');
      const { writeReport } = await import('../write-report.js');
      const inputs = [];
      for (const directory of directories) {
        const run = await loadRun(directory);
        inputs.push({ run, analysis: analyse(run) });
      }
      for (const { run, analysis } of inputs) {
        printPainted(summaryTable({ run, analysis, width: process.stdout.columns ?? 120 }));
        printLine();
      }
      if (inputs.length > 1) {
        const { APART, betweenRuns } = await import('../../../reports/wording/between-runs.js');
        for (const line of [APART, ...betweenRuns(inputs.map(({ run }) => run))]) printLine(line);
        printLine();
      }
      await writeReport(inputs, out);
      printLine(`report   ${out}`);
    });
};

const pageOf = ([directory = '', ...others]: readonly string[]): string =>
  others.length === 0 ? join(directory, 'report.html') : 'report.html';

const onlyOne = (directories: readonly string[]): string => {
  const [directory, ...others] = directories;
  if (directory !== undefined && others.length === 0) return directory;
  throw new UserError(
    `--json is about one run, and ${directories.length} folders are named.`,
    'Call it once for each: runs are never compared with each other.',
  );
};
