import { Option } from 'commander';
import { BISECT_METRICS, type Bisection, type BisectMetric } from '../../regression/bisection.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { EXIT } from '../exit-codes.js';

interface Options {
  readonly good: string;
  readonly bad: string;
  readonly metric: BisectMetric;
  readonly candidate?: string;
  readonly json?: true;
}

export const bisectCommand: Register = (program, setExitCode) => {
  program
    .command('bisect')
    .summary('which commit made something bigger or slower')
    .description(
      'Searches the commits of this git repository, along first parents, for the first at which something is worse than at the good one. ' +
        'Your files stay as they are. Exits with 1 where it cannot be told which of several it is.',
    )
    .argument('<source>', 'the file of a suite in this repository; or catalogue, in that of lightbench')
    .requiredOption('--good <revision>', 'a commit that is as it should be')
    .requiredOption('--bad <revision>', 'a later commit that is not')
    .addOption(
      new Option('--metric <metric>', 'what has become worse; costs: any of them')
        .choices(BISECT_METRICS)
        .default('costs'),
    )
    .option('--candidate <name>', 'of the suite; all by default')
    .option('--json', 'machine-readable; see lightbench schema bisect')
    .addHelpText(
      'after',
      examples(
        'bisect my-suite.ts --good v1.2 --bad HEAD',
        'bisect my-suite.ts --good main --bad HEAD --metric latency --candidate my-block',
      ),
    )
    .action(async (source: string, { json, ...options }: Options) => {
      const { bisect } = await import('../../regression/bisect.js');
      const { bisectionText, commitText } = await import('../../../reports/compare/bisection-text.js');
      const stop = new AbortController();
      const onInterrupt = (): void => stop.abort();
      for (const signal of SIGNALS) process.on(signal, onInterrupt);
      const onProbe = ({ commit, state, reason }: Bisection['probes'][number]): void => {
        process.stderr.write(
          `${state.padEnd(9)} ${commitText(commit)}${reason === null ? '' : `: ${reason}`}\n`,
        );
      };
      try {
        const found = await bisect(source, { ...options, onProbe, signal: stop.signal });
        if (json) printJson(found);
        else printLine(bisectionText(found));
        setExitCode(found.state === 'found' ? EXIT.success : EXIT.finding);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        setExitCode(EXIT.interrupted);
      } finally {
        for (const signal of SIGNALS) process.off(signal, onInterrupt);
      }
    });
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
