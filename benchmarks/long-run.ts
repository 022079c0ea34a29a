/**
 * A run of many short trials, one at a time: what lies between two trials, and whether the parent's memory grows.
 *
 * Between two trials is the time from a result in the journal to the end of the next trial's first optimiser step, less that step: its process
 * gets the job, builds and compiles the network, and has its data. The next process is started while a trial trains; a first trial, whose
 * process is not, is the comparison. Both are also told as multiples of `node -e 0`, started in turn with them, for the machine may be busy.
 *
 *   npm run build && npx jiti benchmarks/long-run.ts [--trials 1000] [--epochs 6]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import type { RunEvent } from '../harness/run/status/events.js';
import { median } from '../harness/stats/sample.js';

const SUITE = 'tests/support/suites/sweep.ts';

const { values } = parseArgs({
  options: { trials: { type: 'string', default: '1000' }, epochs: { type: 'string', default: '6' } },
});
const trials = Number(values.trials);

const { planRun, startRun }: typeof import('../index.js') = await import(
  new URL('../dist/index.js', import.meta.url).href
);

const plan = await planRun(SUITE, {
  only: 'depthwise',
  seeds: trials,
  epochs: Number(values.epochs),
  engine: 'onnxruntime',
});
const { trainImages } = plan.conditions.dataset;
const steps = Number(values.epochs) * Math.floor(trainImages / Number(plan.conditions.recipe.batch));

const between: number[] = [];
const bare: number[] = [];
const memory: number[] = [];
let [first, since, done] = [Number.NaN, Number.NaN, 0];
let wait: number | null = null;

const now = (): number => performance.now();

const bareStart = async (): Promise<void> => {
  const start = now();
  await execa(process.execPath, ['-e', '0']);
  bare.push(now() - start);
};

const trained = new AbortController();
const onEvent = (event: RunEvent): void => {
  if (event.kind === 'planned') since = now();
  if (event.kind === 'trial-progress' && wait === null) wait = now() - since;
  if (event.kind === 'trial-failed') throw new Error(event.error);
  if (event.kind === 'trial-done') {
    const own = (wait ?? Number.NaN) - (1000 * event.result.trainSeconds) / steps;
    if (done === 0) first = own;
    else between.push(own);
    done += 1;
    wait = null;
    since = now();
    if (done > 1 && done % Math.max(1, Math.floor(trials / 10)) === 0) {
      memory.push(process.memoryUsage.rss());
      console.log(
        `${done} trials: ${Math.round((memory.at(-1) ?? 0) / 2 ** 20)} MiB, median ${median(between).toFixed(0)} ms between`,
      );
      void bareStart();
    }
  }
  if (event.kind === 'latency-started') trained.abort();
};

const folder = await mkdtemp(join(tmpdir(), 'lightbench-long-run-'));
try {
  await startRun(plan, join(folder, 'run'), { jobs: 1, signal: trained.signal, onEvent }).catch(
    (error: unknown) => {
      if (!trained.signal.aborted) throw error;
    },
  );
} finally {
  await rm(folder, { recursive: true });
}

const yardstick = median(bare);
const told = (ms: number): string => `${ms.toFixed(0)} ms (${(ms / yardstick).toFixed(1)} x node -e 0)`;
console.log(`between two trials: median ${told(median(between))}; before the first: ${told(first)}`);
console.log(`node -e 0: ${yardstick.toFixed(0)} ms`);
console.log(`memory of the parent: ${memory.map((bytes) => Math.round(bytes / 2 ** 20)).join(', ')} MiB`);
