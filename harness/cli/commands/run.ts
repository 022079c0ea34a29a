import { join } from 'node:path';
import { Option } from 'commander';
import type { Plan, Run } from '../../../results/record.js';
import { SCALES, type Scale } from '../../../suites/suite.js';
import type { PlanOptions } from '../../run/run.js';
import { UserError } from '../../user-error.js';
import { budgetProgress } from '../budget-progress.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import { ENGINE_HELP } from '../engine-option.js';
import { EXIT } from '../exit-codes.js';
import { printPlan } from '../plan-view.js';
import { parseBudget, parseCount, parseLearningRates } from '../values.js';

interface Options {
  readonly scale?: Scale;
  readonly seeds?: number;
  readonly epochs?: number;
  readonly tune?: readonly number[];
  readonly budget?: ReturnType<typeof parseBudget>;
  readonly engine: string;
  readonly jobs?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly only?: string;
  readonly untilDecided?: number | true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What decides a plan; a resumed run has its plan already. */
const PLANNING = [
  'scale',
  'seeds',
  'epochs',
  'tune',
  'budget',
  'only',
  'out',
  'untilDecided',
  'dryRun',
] as const;

const MOST_SEEDS = 10;

export const runCommand: Register = (program, setExitCode) => {
  program
    .command('run')
    .summary('train and measure every candidate of a suite, and report')
    .description(
      'Runs a suite: counts every candidate, trains it with every seed, measures latency, and writes suite.json, journal.jsonl, ' +
        'results.csv, env.json and report.html. Ctrl-C stops it; --resume goes on.',
    )
    .argument('[suite]', 'a built-in suite, or a file with one of your own')
    .addOption(
      new Option('--scale <scale>', 'of a suite that has several: small images, or 224 pixels').choices(
        SCALES,
      ),
    )
    .option('--seeds <n>', 'trials of each candidate', parseCount)
    .option('--epochs <n>', 'epochs of each trial', parseCount)
    .option(
      '--tune <rates>',
      'learning rates to try on validation, the same for every candidate, for example 0.05,0.1,0.2',
      parseLearningRates,
    )
    .option(
      '--budget <metric=target>',
      'of the deploy form: params=1.5M, macs=300M, or latency=2.5 (milliseconds, measured here)',
      parseBudget,
    )
    .option('--engine <name>', ENGINE_HELP, 'auto')
    .option('--jobs <n>', 'training trials at a time, one thread each; by default one per core', parseCount)
    .option('--out <dir>', 'folder of the run; by default runs/<suite>-<time>')
    .option('--resume <dir>', 'go on with the run in this folder')
    .option('--only <pattern>', 'candidates whose names match')
    .option('--dry-run', 'show the plan and stop')
    .option(
      '--until-decided [seeds]',
      'after the planned seeds, add as many as would probably decide the undecided pairs, up to so many (10)',
      parseCount,
    )
    .option('--json', 'machine-readable; see lightbench schema run')
    .addHelpText(
      'after',
      examples(
        'run quick',
        'run quick --seeds 5 --out runs/five-seeds',
        'run quick --seeds 3 --until-decided 8',
        'run quick --tune 0.05,0.1,0.2,0.4',
        'run quick --only repso --dry-run',
        'run paper/channel --scale imagenet --dry-run',
        'run --resume runs/five-seeds',
        'run my-suite.ts',
      ),
    )
    .action(async (suite: string | undefined, options: Options) => {
      const { planRun, requireSuite, resumeRun, startRun } = await import('../../run/run.js');
      const { quietView, taskView } = await import('../run-view.js');
      const view = options.json ? quietView() : taskView();
      const stop = new AbortController();
      const runOptions = {
        onEvent: view.onEvent,
        signal: stop.signal,
        ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
      };
      const begin = async (): Promise<{
        readonly directory: string;
        readonly run: () => Promise<Run>;
      } | null> => {
        if (options.resume !== undefined) {
          const directory = options.resume;
          refuseWithResume(options);
          const { loadRun } = await import('../../../results/run.js');
          const { plan } = await loadRun(directory);
          if (suite !== undefined) requireSuite(plan, directory, suite);
          return { directory, run: () => resumeRun(directory, runOptions) };
        }
        if (suite === undefined) {
          throw new UserError(
            'No suite is named.',
            'Name one, for example lightbench run quick; lightbench list suites shows all.',
          );
        }
        const plan = await planRun(options.scale === undefined ? suite : `${suite}@${options.scale}`, {
          ...planOptions(options),
          ...(options.json ? {} : { onBudget: budgetProgress(process.stderr) }),
        });
        if (options.dryRun) {
          if (options.json) printJson(plan);
          else printPlan(plan);
          return null;
        }
        const directory = options.out ?? defaultDirectory(plan, new Date());
        if (!options.json) printPlan(plan);
        return { directory, run: () => startRun(plan, directory, runOptions) };
      };
      const started = await begin();
      if (started === null) return;
      const { directory } = started;
      const onInterrupt = (): void => {
        // The second time somebody is in a hurry.
        if (stop.signal.aborted) process.exit(EXIT.interrupted);
        stop.abort(new Interrupted());
      };
      process.on('SIGINT', onInterrupt);
      process.on('SIGTERM', onInterrupt);
      try {
        const run = await view.show(started.run());
        setExitCode(await finish(run, directory, options));
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        process.stderr.write(
          `\nStopped. What is done is kept; go on with: lightbench run --resume ${directory}\n`,
        );
        setExitCode(EXIT.interrupted);
      } finally {
        process.off('SIGINT', onInterrupt);
        process.off('SIGTERM', onInterrupt);
      }
    });
};

const planOptions = ({ untilDecided, ...options }: Options): PlanOptions => ({
  ...options,
  ...(untilDecided === undefined ? {} : { untilDecided: untilDecided === true ? MOST_SEEDS : untilDecided }),
});

class Interrupted extends Error {}

const refuseWithResume = (options: Options): void => {
  const given = PLANNING.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new UserError(
    `--${given.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)} does not go with --resume: a resumed run keeps its plan.`,
    'Leave it out, or begin a new run.',
  );
};

/** Time in the name, so that runs sort by it and never meet. */
const defaultDirectory = ({ suite }: Plan, now: Date): string =>
  join('runs', `${suite.replaceAll('/', '-')}-${now.toISOString().slice(0, 19).replaceAll(':', '')}`);

const finish = async (run: Run, directory: string, options: Options): Promise<number> => {
  const { analyse } = await import('../../analysis/analyse.js');
  const { writeReport } = await import('../write-report.js');
  const analysis = analyse(run);
  const report = join(directory, 'report.html');
  await writeReport([{ run, analysis }], report);
  const states = run.trials.map(({ state }) => state);
  const count = (state: string): number => states.filter((one) => one === state).length;
  if (options.json) {
    printJson({
      directory,
      suite: run.plan.suite,
      planKey: run.plan.planKey,
      trials: { done: count('done'), failed: count('failed'), pending: count('pending') },
      results: join(directory, 'results.csv'),
      report,
      analysis,
    });
  } else {
    const { summaryTable } = await import('../../../reports/summary-table.js');
    printLine();
    printLine(summaryTable({ run, analysis, width: process.stdout.columns ?? 120 }));
    printLine();
    printLine(`results  ${join(directory, 'results.csv')}`);
    printLine(`report   ${report}`);
  }
  const failedLatency = [...run.latency.values()].some(({ state }) => state === 'failed');
  return count('failed') > 0 || failedLatency ? EXIT.trialsFailed : EXIT.success;
};
