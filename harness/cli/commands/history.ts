import { InvalidArgumentError, Option } from 'commander';
import { plainText } from '../../../reports/text.js';
import { HISTORY_METRICS, type HistoryMetric } from '../../../results/history/history.js';
import { toPattern } from '../../pattern.js';
import { UserError } from '../../user-error.js';
import { examples, printJson, printLine, type Register } from '../command.js';

interface Options {
  readonly suite?: string;
  readonly candidate?: string;
  readonly metric?: HistoryMetric;
  readonly since?: Date;
  readonly out?: string;
  readonly json?: true;
}

export const historyCommand: Register = (program) => {
  program
    .command('history')
    .summary('how costs, latency and accuracy went from run to run')
    .description(
      'Reads every run beneath the folders, and finds where a metric of a candidate changed: costs exactly, latency and accuracy ' +
        'where noise does not explain it, slow drifts too. It informs: the exit code is 0 whatever it finds.',
    )
    .argument('[folder...]', 'folders with runs beneath them', ['runs'])
    .option('--suite <id>', 'runs of this suite only')
    .option('--candidate <pattern>', 'candidates whose names match')
    .addOption(new Option('--metric <metric>', 'this metric only').choices(HISTORY_METRICS))
    .option('--since <day>', 'runs from this day on, for example 2025-01-31', parseDay)
    .option('--out <file>', 'write a page with a time line of every metric')
    .option('--json', 'machine-readable; see lightbench schema history')
    .addHelpText(
      'after',
      examples(
        'history',
        'history runs /mnt/ci/runs --out history.html',
        'history --suite quick --metric latency --since 2025-01-31',
      ),
    )
    .action(async (folders: readonly string[], { out, json, ...options }: Options) => {
      // Modules load while the database reads.
      const [{ runs, skipped }, { analyseHistory }, { historyTable }, page] = await Promise.all([
        import('../../../results/history/read-history.js').then(({ readHistory }) => readHistory(folders)),
        import('../../analysis/history/analyse-history.js'),
        import('../history-table.js'),
        out === undefined ? null : import('../../../reports/history/page.js'),
      ]);
      const { candidate, ...filter } = options;
      for (const { folder, problem } of skipped) {
        process.stderr.write(`${plainText(`skipped ${folder}: ${problem}`)}\n`);
      }
      const tracks = analyseHistory(runs, {
        ...filter,
        ...(candidate === undefined ? {} : { candidate: toPattern(candidate) }),
      });
      if (tracks.length === 0)
        throw nothingFound(
          folders,
          runs.map(({ plan }) => plan.suite),
        );
      if (json) printJson({ skipped, tracks });
      else printLine(historyTable(tracks));
      if (out === undefined || page === null) return;
      const { writePage } = await import('../write-report.js');
      await writePage(out, await page.historyPage({ tracks, skipped }));
      if (!json) printLine(`\nreport   ${out}`);
    });
};

const nothingFound = (folders: readonly string[], suites: readonly string[]): UserError =>
  suites.length === 0
    ? new UserError(
        `No run beneath ${folders.join(', ')}.`,
        'Name a folder that holds run folders, or make one: lightbench run quick.',
      )
    : new UserError(
        `No value of ${suites.length} runs is left.`,
        `Ask for less: --suite, --candidate, --metric and --since choose. The suites are ${[...new Set(suites)].join(', ')}.`,
      );

const parseDay = (text: string): Date => {
  const day = new Date(`${text}T00:00:00Z`);
  if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${text}T`)) return day;
  throw new InvalidArgumentError('It is a day, written YYYY-MM-DD.');
};
