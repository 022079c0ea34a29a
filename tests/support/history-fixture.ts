/** Made-up runs of one suite, one after the other, whose truth is known: written as `lightbench run` would. */
import { join } from 'node:path';
import type { JournalEvent } from '../../results/journal/events.js';
import type { Plan } from '../../results/plan/plan.js';
import { planKeyOf } from '../../results/plan/plan-key.js';
import { runState } from '../../results/run/run.js';
import { seededRandom } from './random.js';
import { type RunFixture, runFixture, writeRunDirectory } from './run-fixture.js';
import { normalSource } from './simulation.js';

/** What is particular to one run. By candidate, what its values are changed by. */
export interface MadeRun {
  readonly commit?: string | null;
  readonly cpu?: string;
  readonly latencyFactor?: (candidate: string) => number;
  readonly top1Shift?: (candidate: string) => number;
  readonly moreParams?: (candidate: string) => number;
  readonly change?: (plan: Plan) => Plan;
}

/** Between runs: latencies by a share of their own, top-1 of a seed by a share of the images. */
const NOISE = { latency: 0.012, top1: 0.003 } as const;

/** One run a day from 2025-01-01 on, without failures. `make` says what is particular to each. */
export const madeHistory = (
  count: number,
  make: (index: number) => MadeRun,
  { change = (plan: Plan): Plan => plan, seeds = 3, epochs = 2 } = {},
): readonly RunFixture[] => {
  const base = runFixture({ name: 'tracked', seeds, epochs, failures: false, change });
  const normal = normalSource(5);
  return Array.from({ length: count }, (_, index) => madeRun(base, index, make(index), normal));
};

export const commitOf = (index: number): string => Array.from({ length: 40 }, seededHex(index)).join('');

/** Writes each run into a folder of its own, and gives the folders. */
export const writeHistory = (root: string, runs: readonly RunFixture[]): readonly string[] =>
  runs.map((run, index) => {
    const folder = join(root, `run-${String(index).padStart(4, '0')}`);
    writeRunDirectory(folder, run);
    return folder;
  });

const seededHex = (seed: number): (() => string) => {
  const random = seededRandom(seed);
  return () => Math.floor(16 * random()).toString(16);
};

const madeRun = (
  base: RunFixture,
  index: number,
  {
    commit = commitOf(index),
    cpu = base.environment.cpu,
    latencyFactor = () => 1,
    top1Shift = () => 0,
    moreParams = () => 0,
    change = (plan) => plan,
  }: MadeRun,
  normal: () => number,
): RunFixture => {
  const startedAt = new Date(Date.UTC(2025, 0, 1 + index, 3)).toISOString();
  const changed = change({
    ...base.plan,
    candidates: base.plan.candidates.map((candidate) => {
      const { deploy } = candidate.costs;
      const grown = { ...deploy, params: deploy.params + moreParams(candidate.name) };
      return { ...candidate, costs: { ...candidate.costs, deploy: grown } };
    }),
  });
  const plan = { ...changed, planKey: planKeyOf(changed) };
  const environment = { ...base.environment, startedAt, commit, cpu };
  const events = base.events.map((event): JournalEvent => {
    if (event.event === 'trial-done') {
      const testTop1 = event.result.testTop1 + top1Shift(event.candidate) + NOISE.top1 * normal();
      return { ...event, result: { ...event.result, testTop1 } };
    }
    if (event.event === 'run-started') return { ...event, planKey: plan.planKey };
    if (event.event !== 'latency-done') return event;
    const factor = latencyFactor(event.candidate) * Math.exp(NOISE.latency * normal());
    const { medianMs, interval95Ms, roundMs } = event.result;
    const [low, high] = interval95Ms;
    return {
      ...event,
      result: {
        ...event.result,
        medianMs: factor * medianMs,
        interval95Ms: [factor * low, factor * high],
        roundMs: roundMs.map((session) => session.map((ms) => factor * ms)),
      },
    };
  });
  return { plan, environment, events, run: runState(plan, environment, events) };
};
