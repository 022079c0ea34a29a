import { Option } from 'commander';
import { type ColumnId, DEFAULT_COLUMNS, TABLE_COLUMNS } from '../../../reports/result-table/columns.js';
import type { TableFormat } from '../../../reports/result-table/formats.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { listOf } from '../options/values.js';
import { writeOutput } from '../write-output.js';

interface Options {
  readonly format: TableFormat;
  readonly columns: readonly ColumnId[];
  readonly out?: string;
  readonly json?: true;
}

const FORMATS: readonly TableFormat[] = ['latex', 'md', 'csv', 'html'];

const COLUMN_IDS = Object.keys(TABLE_COLUMNS) as ColumnId[];

export const tableCommand: Register = (program) => {
  program
    .command('table')
    .summary('the results of a run as LaTeX, Markdown, CSV or HTML')
    .description(
      'Writes the results of a run as a table for a paper: intervals, ranks with ties, and a caption that states data, seeds and method. LaTeX needs the package booktabs.',
    )
    .argument('<run-dir>', 'the folder of a run, finished or not')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).default('latex'))
    .option('--columns <list>', `of ${COLUMN_IDS.join(', ')}`, listOf(COLUMN_IDS), DEFAULT_COLUMNS)
    .option('--out <file>', 'write to a file instead of the terminal')
    .option('--json', 'print JSON, with the table as a text; see lightbench schema table')
    .addHelpText(
      'after',
      examples(
        'table runs/three --out results.tex',
        'table runs/three --format md',
        'table runs/three --format csv --columns candidate,params,top1,top1-rank',
      ),
    )
    .action(async (directory: string, { format, columns, out, json }: Options) => {
      const { loadRun } = await import('../../../results/run/load-run.js');
      const { analyse } = await import('../../analysis/analyse.js');
      const { viewOf } = await import('../../../reports/view/view.js');
      const { resultTable } = await import('../../../reports/result-table/result-table.js');
      const { TABLE_FORMATS } = await import('../../../reports/result-table/formats.js');
      const run = await loadRun(directory);
      const content = TABLE_FORMATS[format](resultTable(viewOf({ run, analysis: analyse(run) }), columns));
      if (out !== undefined) await writeOutput(out, content);
      if (json) printJson({ format, columns, file: out ?? null, table: content });
      else if (out === undefined) printLine(content.trimEnd());
      else printLine(`table    ${out}`);
    });
};
