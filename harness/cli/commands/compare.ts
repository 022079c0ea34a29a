import { InvalidArgumentError, Option } from 'commander';
import type { Comparison, Rule } from '../../regression/compare/comparison.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { writeOutput } from '../write-output.js';

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
  readonly allowGone?: readonly string[];
  readonly json?: true;
}

export const compareCommand: Register = (program, setExitCode) => {
  program
    .command('compare')
    .summary('check whether anything became bigger, slower or less accurate')
    .description(
      'Compares with a baseline. Costs: exactly, naming the operations that changed. Latency: by timing the models of both sides in one ' +
        'process. Accuracy: by pairing runs by seed and image. Exits 1 if anything is decidedly worse, fails now, or is gone.',
    )
    .argument(
      '<baseline>',
      'the folder of a baseline or a run, a suite (id or file), or "catalogue" for every registered part',
    )
    .argument('[current]', "the same choices (default: the baseline's source, built with the current code)")
    .option(
      '--only <rules>',
      'which of costs, latency and accuracy to compare, separated by commas',
      collectRules,
    )
    .addOption(
      new Option(
        '--format <format>',
        'text for a terminal, md for a pull-request comment, junit for a test report',
      )
        .choices(Object.keys(FORMATS))
        .default('text'),
    )
    .option('--out <file>', 'write to a file instead of the terminal')
    .option('--fail-on-undecided', 'also exit 1 if anything is undecided')
    .option(
      '--allow-gone <name>',
      'accept that this entry of the baseline is gone; repeatable',
      (name: string, before: readonly string[] = []) => [...before, name],
    )
    .option('--json', 'print JSON; see lightbench schema compare')
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
      const { compareWithBaseline } = await import('../../regression/compare/compare.js');
      const progress = progressLine(process.stderr);
      const comparison = await compareWithBaseline(baseline, current, {
        onProgress: progress.show,
        ...(options.only === undefined ? {} : { only: options.only }),
        ...(options.allowGone === undefined ? {} : { allowGone: options.allowGone }),
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
  throw new InvalidArgumentError(`Expected one or more of ${RULES.join(', ')}, separated by commas.`);
};

const print = async (comparison: Comparison, { format, out, json }: Options): Promise<void> => {
  if (out === undefined) {
    if (json) return printJson(comparison);
    const print = format === 'text' ? printPainted : printLine;
    return print(await FORMATS[format](comparison, false));
  }
  const text = json ? `${JSON.stringify(comparison, null, 2)}\n` : await FORMATS[format](comparison, true);
  await writeOutput(out, text.endsWith('\n') ? text : `${text}\n`);
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
