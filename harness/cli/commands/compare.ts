import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option } from 'commander';
import type { Comparison, Rule } from '../../regression/comparison.js';
import { UserError } from '../../user-error.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { EXIT } from '../exit-codes.js';

const FORMATS = {
  text: async (comparison: Comparison, toFile: boolean) => {
    const { comparisonText } = await import('../../../reports/compare/text.js');
    return toFile ? comparisonText(comparison, false) : comparisonText(comparison);
  },
  md: async (comparison: Comparison) => {
    const { comparisonMarkdown } = await import('../../../reports/compare/markdown.js');
    return comparisonMarkdown(comparison);
  },
  junit: async (comparison: Comparison) => {
    const { comparisonJunit } = await import('../../../reports/compare/junit.js');
    return comparisonJunit(comparison);
  },
} as const;

interface Options {
  readonly only?: readonly Rule[];
  readonly format: keyof typeof FORMATS;
  readonly out?: string;
  readonly failOnUndecided?: true;
  readonly json?: true;
}

export const compareCommand: Register = (program, setExitCode) => {
  program
    .command('compare')
    .summary('has anything become bigger, slower or less accurate')
    .description(
      'Compares with a baseline. Costs: exact, naming the operations that changed. Latency: the models of both sides timed in one ' +
        'process. Accuracy: runs, paired by seed and image. Exits with 1 where something is decidedly worse.',
    )
    .argument(
      '<baseline>',
      'a baseline or a run (folders), a suite (id or file), or catalogue: every registered part',
    )
    .argument('[current]', 'likewise; by default what the baseline was made of, built from the code of today')
    .option('--only <rules>', 'costs, latency, accuracy: some of them, joined by commas', collectRules)
    .addOption(
      new Option('--format <format>', 'for a terminal, a pull-request comment, or a test report')
        .choices(Object.keys(FORMATS))
        .default('text'),
    )
    .option('--out <file>', 'write it to a file')
    .option('--fail-on-undecided', 'exit with 1 also where something could not be decided')
    .option('--json', 'machine-readable; see lightbench schema compare')
    .addHelpText(
      'after',
      examples(
        'compare baseline',
        'compare baseline --only costs --format md --out comment.md',
        'compare runs/before runs/after',
        'compare baseline --only latency --fail-on-undecided',
      ),
    )
    .action(async (baseline: string, current: string | undefined, options: Options) => {
      const { compareWithBaseline } = await import('../../regression/compare.js');
      const progress = progressLine(process.stderr);
      const comparison = await compareWithBaseline(baseline, current, {
        onProgress: progress.show,
        ...(options.only === undefined ? {} : { only: options.only }),
      }).finally(progress.clear);
      await print(comparison, options);
      const fails =
        comparison.state === 'regression' || (comparison.state === 'undecided' && options.failOnUndecided);
      setExitCode(fails ? EXIT.finding : EXIT.success);
    });
};

const collectRules = (text: string, before: readonly Rule[] = []): readonly Rule[] => [
  ...before,
  ...text.split(',').map(toRule),
];

const RULES: readonly Rule[] = ['costs', 'latency', 'accuracy'];

const toRule = (text: string): Rule => {
  const rule = RULES.find((one) => one === text.trim());
  if (rule) return rule;
  throw new InvalidArgumentError(`It is ${RULES.join(', ')}, or several joined by commas.`);
};

const print = async (comparison: Comparison, { format, out, json }: Options): Promise<void> => {
  if (out === undefined)
    return json ? printJson(comparison) : printLine(await FORMATS[format](comparison, false));
  const text = json ? `${JSON.stringify(comparison, null, 2)}\n` : await FORMATS[format](comparison, true);
  await writeFile(out, text.endsWith('\n') ? text : `${text}\n`).catch((error: Error) => {
    throw new UserError(
      `${out} cannot be written: ${error.message}.`,
      'Name a file in a folder that you may write to.',
    );
  });
};

/** How far a measurement is, on a terminal alone. */
const progressLine = (stream: NodeJS.WriteStream) => ({
  show: (done: number, total: number): void => {
    if (stream.isTTY) stream.write(`\rLatency: round ${done} of ${total}`);
  },
  clear: (): void => {
    if (stream.isTTY) stream.write('\r\u001b[K');
  },
});
