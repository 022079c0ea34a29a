/** What a worker does before it is asked for its training, which then need not be waited for. */
import { type PhaseClock, phaseClock } from '../../../train/phase-clock.js';
import { engineOf } from '../../plan/planned.js';
import { loadSuite } from '../../plan/suite/load-suite.js';
import type { Preparation } from '../protocol.js';
import {
  BEGINNING,
  type BegunTraining,
  beginTraining,
  datasetOnce,
  type PlannedTraining,
} from './begin-training.js';

let ahead: { readonly key: string; readonly begun: Promise<BegunTraining> } | null = null;

/** Rejects where the plan's data, suite or engine cannot be loaded, or the training that is expected next cannot be begun. */
export const prepare = async ({ plan, next }: Preparation): Promise<void> => {
  await Promise.all([datasetOnce(plan), loadSuite(plan.source), engineOf(plan).load?.()]);
  if (next === undefined) return;
  ahead = { key: next.key, begun: beginTraining({ plan, ...next }, phaseClock()) };
  await ahead.begun;
};

/** As beginTraining; what was begun ahead is taken over, or let go where it is another. */
export const begunTraining = async (training: PlannedTraining, clock: PhaseClock): Promise<BegunTraining> => {
  const early = ahead;
  ahead = null;
  if (early?.key === training.key) {
    // Nobody waited for it.
    for (const phase of BEGINNING) clock.add(phase, 0);
    return early.begun;
  }
  early?.begun.then(({ trainer }) => trainer.dispose()).catch(() => {});
  return beginTraining(training, clock);
};
