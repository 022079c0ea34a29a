import type { DeviceKind } from '../../../results/measurement/device.js';
import { cacheFolder, RESULTS } from '../../files/cache-folder.js';
import { MOST } from '../../user/limits.js';
import { UserError } from '../../user/user-error.js';
import { examples, printLine, printNote, type Register } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { deviceOption } from '../options/device-option.js';
import { gpusOption, refuseJobsWithGpus } from '../options/gpus-option.js';
import { countUpTo, parseTags } from '../options/values.js';

interface Options {
  readonly redis?: string;
  readonly tags?: readonly string[];
  readonly jobs?: number;
  readonly devices?: readonly number[];
  readonly onlyLatency?: true;
  readonly device?: DeviceKind;
  /** False for --no-cache. */
  readonly cache?: string | false;
  readonly json?: true;
}

/** How long it may take to give back what was begun. */
const GIVE_BACK_MS = 10_000;

/** Whoever names a kind of device, or measures only, measures. */
const deviceOf = ({ tags = [], onlyLatency, device }: Options): DeviceKind | null =>
  device ?? (tags.length > 0 || onlyLatency === true ? 'native' : null);

const refuseUnusable = (options: Options): void => {
  refuseJobsWithGpus(options);
  if (options.devices === undefined || options.onlyLatency !== true) return;
  throw new UserError(
    '--devices cannot be combined with --only-latency: it names what to train on, and nothing is trained.',
    'Leave out one of them.',
  );
};

const sayAsJson = (text: string): void => printLine(JSON.stringify({ at: new Date().toISOString(), text }));

export const workerCommand: Register = (program, setExitCode) => {
  program
    .command('worker')
    .summary('take trials of runs on other machines')
    .description(
      'Takes trials of runs that were started with --redis, until it is stopped. Ctrl-C gives back what it has begun, with the last ' +
        'checkpoint. See docs/many-machines.md.',
    )
    .option('--redis <url>', 'address of Redis (default: LIGHTBENCH_REDIS_URL)')
    .option(
      '--tags <tags>',
      'kinds of device that this machine stands for, for example gpu,pi5: latency is measured on it, too',
      parseTags,
    )
    .option('--only-latency', 'measure latency, train nothing')
    .addOption(deviceOption())
    .option(
      '--jobs <n>',
      'trials to train at a time, one thread each (default: one per core)',
      countUpTo(MOST.threads),
    )
    .addOption(gpusOption())
    .option(
      '--cache <dir>',
      "folder of finished trials, which are not trained again on this machine (default: the user's cache folder)",
    )
    .option('--no-cache', 'train every trial, and keep none for other runs')
    .option('--json', 'print what it does as JSON, an object a line; see lightbench schema worker')
    .addHelpText(
      'after',
      examples(
        'worker --redis redis://192.168.1.10',
        'worker --redis rediss://lab:password@redis.example:6380 --jobs 8',
        'worker --devices cuda:0-7',
        'worker --tags pi5 --only-latency',
        'worker --device browser --only-latency',
      ),
    )
    .action(async (options: Options) => {
      refuseUnusable(options);
      const { work } = await import('../../fleet/worker/work.js');
      const { redisAddressFrom } = await import('../../fleet/redis/address.js');
      const { usableCores } = await import('../../measure/machine/cores.js');
      const address = redisAddressFrom(options.redis);
      if (address.warning !== null) printNote(`warning: ${address.warning}`);
      const stop = new AbortController();
      const onStop = (): void => {
        // The second time somebody is in a hurry.
        if (stop.signal.aborted) process.exit(EXIT.interrupted);
        stop.abort(new Error('The worker was stopped.'));
        // Where Redis is gone, nothing can be given back to it.
        setTimeout(() => process.exit(EXIT.interrupted), GIVE_BACK_MS).unref();
      };
      process.on('SIGINT', onStop);
      process.on('SIGTERM', onStop);
      try {
        await work({
          address,
          jobs: options.jobs ?? usableCores(),
          ...(options.devices === undefined ? {} : { gpus: options.devices }),
          ...(options.cache === false ? {} : { cache: options.cache ?? cacheFolder(RESULTS) }),
          tags: options.tags ?? [],
          trains: options.onlyLatency !== true,
          device: deviceOf(options),
          say: options.json ? sayAsJson : printNote,
          signal: stop.signal,
        });
        setExitCode(EXIT.interrupted);
      } finally {
        process.off('SIGINT', onStop);
        process.off('SIGTERM', onStop);
      }
    });
};
