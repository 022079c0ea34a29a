import { join } from 'node:path';
import type { Plan } from '../../../results/plan/plan.js';
import type { Run } from '../../../results/run/run.js';
import { cacheFolder, RESULTS } from '../../files/cache-folder.js';
import type { RunEvent } from '../../run/status/events.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printNote, type Register } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { finish } from '../run/finish.js';
import {
  addRunOptions,
  devicesOf,
  limitsOf,
  planOptions,
  type RunFlags,
  redisOf,
  refuseWithResume,
  weightBytesOf,
} from '../run/flags.js';
import { budgetProgress } from '../views/budget-progress.js';
import { dataProgress } from '../views/data-progress.js';
import { printPlan } from '../views/plan-view.js';
import { openWatchers } from '../watch/open-watchers.js';

export const runCommand: Register = (program, setExitCode) => {
  const command = program
    .command('run')
    .summary('train and measure every candidate of a suite, and report')
    .description(
      'Runs a suite: counts the costs of every candidate, trains it with every seed, measures latency, and writes suite.json, journal.jsonl, ' +
        'results.csv, env.json and report.html. Ctrl-C stops the run; --resume continues it.',
    )
    .argument('[suite]', 'a built-in suite, or the file of your own');
  addRunOptions(command)
    .addHelpText(
      'after',
      examples(
        'run quick',
        'run quick --seeds 5 --out runs/five-seeds',
        'run quick --seeds 3 --until-decided 8',
        'run quick --seeds 3 --until-decided --time-budget 30m',
        'run quick --tune 0.05,0.1,0.2,0.4',
        'run quick --only repso --dry-run',
        'run paper/channel --scale imagenet --dry-run',
        'run quick --open',
        'run --resume runs/five-seeds',
        'run my-suite.ts',
        'run my-suite.ts --redis redis://192.168.1.10',
        'run my-suite.ts --device native,browser',
        'run my-suite.ts --engine pytorch:cuda --devices cuda:0-3',
      ),
    )
    .action(async (suite: string | undefined, options: RunFlags) => {
      const { planRun, resumeRun, startRun } = await import('../../run/run.js');
      const { requireNoOwner, requireUnused } = await import('../../run/folder/lock.js');
      const { requireSuite } = await import('../../run/plan/suite/source.js');
      const { quietView, taskView } = await import('../views/run-view.js');
      const redis = await redisOf(options);
      const stop = new AbortController();
      const listeners: ((event: RunEvent) => void)[] = [];
      const runOptions = {
        onEvent: (event: RunEvent) => {
          for (const tell of listeners) tell(event);
        },
        signal: stop.signal,
        ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
        ...(options.devices === undefined ? {} : { gpus: options.devices }),
        ...(redis === null ? {} : { redis }),
        ...devicesOf(options),
        ...(options.latencyTimeout === undefined ? {} : { latencySeconds: options.latencyTimeout }),
        ...(options.retries === undefined ? {} : { retries: options.retries }),
        limits: limitsOf(options),
        ...weightBytesOf(options),
        ...(options.cache === false ? {} : { cache: options.cache ?? cacheFolder(RESULTS) }),
      };
      const begin = async (): Promise<{
        readonly directory: string;
        readonly plan: Plan;
        readonly run: () => Promise<Run>;
      } | null> => {
        if (options.resume !== undefined) {
          const directory = options.resume;
          refuseWithResume(options);
          const { loadPlan } = await import('../../../results/run/load-run.js');
          const plan = await loadPlan(directory);
          requireSuite(plan, directory, suite);
          requireNoOwner(directory);
          return { directory, plan, run: () => resumeRun(directory, runOptions) };
        }
        if (suite === undefined) {
          throw new UserError(
            'Missing suite.',
            'Name one, for example lightbench run quick; lightbench list suites shows them all.',
          );
        }
        if (options.out !== undefined && !options.dryRun) await requireUnused(options.out);
        const plan = await planRun(options.scale === undefined ? suite : `${suite}@${options.scale}`, {
          ...planOptions(options),
          ...(options.json
            ? {}
            : { onBudget: budgetProgress(process.stderr), onData: dataProgress(process.stderr) }),
        });
        if (options.dryRun) {
          if (options.json) printJson(plan);
          else await showPlan(plan, options, redis);
          return null;
        }
        const directory = options.out ?? defaultDirectory(plan, new Date());
        if (!options.json) await showPlan(plan, options, redis);
        return { directory, plan, run: () => startRun(plan, directory, runOptions) };
      };
      const started = await begin();
      if (started === null) return;
      const { directory, plan } = started;
      const view = options.json ? quietView() : taskView(plan);
      const watchers = await openWatchers(options);
      const page = options.open ? await openPage(directory) : null;
      listeners.push(view.onEvent, ...watchers.map(({ onEvent }) => onEvent));
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
        printNote(`\nStopped. Finished work is kept; continue with: lightbench run --resume ${directory}`);
        setExitCode(EXIT.interrupted);
      } finally {
        process.off('SIGINT', onInterrupt);
        process.off('SIGTERM', onInterrupt);
        for (const { close } of watchers) await close();
        await page?.close();
      }
    });
};

/** With the time that it takes on this machine, where this machine does it. */
const showPlan = async (plan: Plan, { jobs }: RunFlags, redis: string | null): Promise<void> => {
  const { estimateRun } = await import('../../run/estimate.js');
  printPlan(plan, redis === null ? await estimateRun(plan, jobs === undefined ? {} : { jobs }) : null);
};

/** Where the page is served until the run ends; it is said on standard error, and opened. */
const openPage = async (directory: string) => {
  const { servePage } = await import('../serve/page-server.js');
  const { openBrowser } = await import('../serve/open-browser.js');
  const page = await servePage(directory);
  printNote(`page     ${page.address}`);
  await openBrowser(page.address);
  return page;
};

class Interrupted extends Error {}

/** Time in the name, so that runs sort by it and never meet. */
const defaultDirectory = ({ suite }: Plan, now: Date): string =>
  join('runs', `${suite.replaceAll('/', '-')}-${now.toISOString().slice(0, 19).replaceAll(':', '')}`);
