/**
 * What the coordinator of a fleet costs a trial: 10,000 trials queued, answered and recorded, with workers that answer at once, so that
 * nothing but the queue is timed. `npx jiti benchmarks/fleet.ts [trials]`; needs redis-server.
 */
import { Queue, Worker } from 'bullmq';
import { buildAlone } from '../blocks/build.js';
import { coordinate } from '../harness/fleet/coordinator.js';
import { redisAddress } from '../harness/fleet/redis/address.js';
import { PREFIX, trainingQueue } from '../harness/fleet/redis/names.js';
import { startRedis } from '../tests/support/redis.js';
import { runFixture } from '../tests/support/run-fixture.js';

const TRIALS = Number(process.argv[2] ?? 10_000);
const RUN = '0123456789abcdef';

const { plan, run } = runFixture({ failures: false });
const [done] = run.trials;
if (done?.state !== 'done') throw new Error('The fixture has no result.');
const answer = { message: { say: 'trial-done', result: done.result }, machine: 'here' };

const graphs = new Map([['identity', buildAlone('repso', [8, 8, 8])]]);

const redis = await startRedis({ fsync: 'everysec' });
const address = redisAddress(redis.url);
const coordinator = await coordinate({
  address,
  run: RUN,
  plan,
  limits: {},
  latencyLimits: {},
  graphs,
  recorded: [],
});
const trainings = coordinator.begin(plan, '');
const queue = new Queue(trainingQueue(RUN), { connection: address.options, prefix: PREFIX });

const heap = (): number => process.memoryUsage().heapUsed / 2 ** 20;
global.gc?.();
const before = { heap: heap(), cpu: process.cpuUsage(), at: performance.now() };
const all = Array.from({ length: TRIALS }, async (_, seed) => {
  const key = seed.toString(16).padStart(16, '0');
  await trainings.train({ task: 'trial', key, candidate: 'identity', seed }, {});
  coordinator.recorded(key);
});
while ((await queue.getWaitingCount()) < TRIALS) await new Promise((later) => setTimeout(later, 20));
const queued = { heap: heap(), cpu: process.cpuUsage(before.cpu), ms: performance.now() - before.at };

const answers = performance.now();
const cpu = process.cpuUsage();
const workers = [1, 2].map(
  () =>
    new Worker(trainingQueue(RUN), async () => answer, {
      ...{ connection: { ...address.options, maxRetriesPerRequest: null }, prefix: PREFIX, concurrency: 20 },
    }),
);
await Promise.all(all);
const answered = { ms: performance.now() - answers, cpu: process.cpuUsage(cpu), heap: heap() };
await Promise.all(workers.map((worker) => worker.close()));
await queue.close();
await coordinator.close(true);
await redis.stop();

const perTrial = (ms: number): string => `${(ms / TRIALS).toFixed(3)} ms`;
const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;
console.log(`${TRIALS} trials`);
console.log(`queued     ${perTrial(queued.ms)} a trial, ${perTrial(seconds(queued.cpu))} of CPU time`);
console.log(
  `collected  ${perTrial(answered.ms)} a trial, ${perTrial(seconds(answered.cpu))} of CPU time, workers included`,
);
console.log(
  `heap       ${before.heap.toFixed(0)} MiB before, ${queued.heap.toFixed(0)} with all queued, ${answered.heap.toFixed(0)} at the end`,
);
