import { Option } from 'commander';
import { BISECT_METRICS, type Bisection, type BisectMetric } from '../../regression/bisect/bisection.js';
import { examples, printJson, printNote, printPainted, type Register } from '../command.js';
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
    .summary('find the commit that made something bigger or slower')
    .description(
      'Searches this git repository, along first parents, for the first commit at which something is worse than at the good one. ' +
        'Your files stay as they are. Exits 1 if several commits remain possible.',
    )
    .argument('<source>', 'a suite file in this repository, or "catalogue" in the lightbench repository')
    .requiredOption('--good <revision>', 'a commit before the regression')
    .requiredOption('--bad <revision>', 'a later commit with the regression')
    .addOption(
      new Option('--metric <metric>', 'what became worse; costs means any cost')
        .choices(BISECT_METRICS)
        .default('costs'),
    )
    .option('--candidate <name>', 'only this candidate of the suite (default: all)')
    .option('--json', 'print JSON; see lightbench schema bisect')
    .addHelpText(
      'after',
      examples(
        'bisect my-suite.ts --good v1.2 --bad HEAD',
        'bisect my-suite.ts --good main --bad HEAD --metric latency --candidate my-block',
      ),
    )
    .action(async (source: string, { json, ...options }: Options) => {
      const { bisect } = await import('../../regression/bisect/bisect.js');
      const { bisectionText, commitText } = await import('../../../reports/compare/bisection-text.js');
      const stop = new AbortController();
      const onInterrupt = (): void => stop.abort();
      for (const signal of SIGNALS) process.on(signal, onInterrupt);
      const onProbe = ({ commit, state, reason }: Bisection['probes'][number]): void => {
        printNote(`${state.padEnd(9)} ${commitText(commit)}${reason === null ? '' : `: ${reason}`}`);
      };
      try {
        const found = await bisect(source, { ...options, onProbe, signal: stop.signal });
        if (json) printJson(found);
        else printPainted(bisectionText(found));
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
