import { InvalidArgumentError, Option } from 'commander';
import { plainText } from '../../../reports/text/text.js';
import { HISTORY_METRICS, type HistoryMetric } from '../../../results/history/history.js';
import { toPattern } from '../../user/pattern.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, printNote, printPainted, type Register } from '../command.js';

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
    .summary('how costs, latency and accuracy changed from run to run')
    .description(
      'Reads every run under the folders and finds where a metric of a candidate changed: any change of costs; changes of latency and accuracy ' +
        'that noise does not explain, slow drifts included. For information only: the exit code is 0 whatever it finds.',
    )
    .argument('[folder...]', 'folders that contain runs, at any depth', ['runs'])
    .option('--suite <id>', 'only runs of this suite')
    .option('--candidate <pattern>', 'only candidates whose names match')
    .addOption(new Option('--metric <metric>', 'only this metric').choices(HISTORY_METRICS))
    .option('--since <day>', 'only runs from this day on, for example 2025-01-31', parseDay)
    .option('--out <file>', 'write an HTML page with a timeline of every metric')
    .option('--json', 'print JSON; see lightbench schema history')
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
        import('../views/history-table.js'),
        out === undefined ? null : import('../../../reports/history/page.js'),
      ]);
      const { candidate, ...filter } = options;
      for (const { folder, problem } of skipped) printNote(plainText(`skipped ${folder}: ${problem}`));
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
      else printPainted(historyTable(tracks));
      if (out === undefined || page === null) return;
      const { writeOutput } = await import('../write-output.js');
      await writeOutput(out, await page.historyPage({ tracks, skipped }));
      if (!json) printLine(`\nreport   ${out}`);
    });
};

const nothingFound = (folders: readonly string[], suites: readonly string[]): UserError =>
  suites.length === 0
    ? new UserError(
        `No runs found under ${folders.join(', ')}.`,
        'Name a folder that contains run folders, or create a run: lightbench run quick.',
      )
    : new UserError(
        `No results in ${suites.length} ${suites.length === 1 ? 'run' : 'runs'} match the filters.`,
        `Relax --suite, --candidate, --metric or --since. Suites found: ${[...new Set(suites)].join(', ')}.`,
      );

const parseDay = (text: string): Date => {
  const day = new Date(`${text}T00:00:00Z`);
  if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${text}T`)) return day;
  throw new InvalidArgumentError('Expected a date as YYYY-MM-DD.');
};
