/** Trainings in looks: after each, seeds are added where they would probably decide what is still undecided. */
import type { Journal } from '../../../results/journal/journal.js';
import type { Plan } from '../../../results/plan/plan.js';
import { loadRun } from '../../../results/run/load-run.js';
import type { Run } from '../../../results/run/run.js';
import { seedsWanted } from '../../analysis/seeds-wanted.js';
import { usableCores } from '../../measure/machine/cores.js';
import { writePlan } from '../folder/run-directory.js';
import { withSeeds } from '../plan/plan.js';
import type { RunOptions } from '../run-options.js';
import type { TrainingPlace } from '../worker/places/training-place.js';
import { train } from './train-all.js';

/** The level of a look was chosen for no more. */
const MOST_LOOKS = 8;

/** Does all trials of the plan and, where it asks for it, adds more. Throws the signal's reason where it is stopped. */
export const trainUntilDecided = async (
  journal: Journal,
  directory: string,
  place: TrainingPlace,
  options: RunOptions,
): Promise<void> => {
  const jobs = options.jobs ?? usableCores();
  let spent = trainSeconds(await loadRun(directory)) / jobs;
  for (let isFirst = true; ; isFirst = false) {
    const start = performance.now();
    await train(journal, directory, place, options, isFirst ? 'failed-too' : 'pending-only');
    spent += (performance.now() - start) / 1000;
    const run = await loadRun(directory);
    const plan = withLook(run, seedsWantedWithin(run, spent));
    if (plan === null) return;
    await writePlan(directory, plan);
  }
};

/** What earlier processes of a resumed run have trained for, one after the other. What another run has trained took no time here. */
const trainSeconds = ({ trials }: Run): number =>
  trials.reduce(
    (sum, trial) =>
      sum + (trial.state === 'done' && trial.from === undefined ? trial.result.trainSeconds : 0),
    0,
  );

const seedsWantedWithin = (run: Run, spentSeconds: number): ReadonlyMap<string, number> => {
  const { untilDecided } = run.plan;
  if (untilDecided?.looks === undefined || untilDecided.looks.length + 1 >= MOST_LOOKS) return new Map();
  return seedsWanted(run, {
    maxSeeds: untilDecided.maxSeeds,
    budget: affordable(run, untilDecided.timeBudgetSeconds, spentSeconds),
  });
};

/** Training MACs for which there is time, at the speed seen so far; where all results are of other runs, at the speed of those. */
export const affordable = (
  { plan, trials }: Pick<Run, 'plan' | 'trials'>,
  timeBudgetSeconds: number | undefined,
  spentSeconds: number,
): number => {
  if (timeBudgetSeconds === undefined) return Number.POSITIVE_INFINITY;
  const macs = new Map(plan.candidates.map(({ name, costs }) => [name, costs.train.macs]));
  const done = trials.filter((trial) => trial.state === 'done');
  const own = done.filter(({ from }) => from === undefined);
  const macsOf = (some: typeof done): number =>
    some.reduce((sum, { candidate }) => sum + (macs.get(candidate) ?? 0), 0);
  const seconds =
    own.length > 0 ? spentSeconds : done.reduce((sum, { result }) => sum + result.trainSeconds, 0);
  const speed = seconds > 0 ? macsOf(own.length > 0 ? own : done) / seconds : 0;
  return Math.max(timeBudgetSeconds - spentSeconds, 0) * speed;
};

/** The plan with more trials, and what the look that asked for them saw; null where it asked for none. */
export const withLook = (
  { plan, trials }: Pick<Run, 'plan' | 'trials'>,
  seeds: ReadonlyMap<string, number>,
): Plan | null => {
  const more = withSeeds(plan, seeds);
  if (plan.untilDecided === undefined || more.trials.length === plan.trials.length) return null;
  const failed = trials.flatMap(({ state, key }) => (state === 'done' ? [] : [key]));
  const look = { trials: plan.trials.length, failed };
  return {
    ...more,
    untilDecided: { ...plan.untilDecided, looks: [...(plan.untilDecided.looks ?? []), look] },
  };
};
