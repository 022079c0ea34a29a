/** The trained networks of a run: which of its trials, and their weights. */
import { join } from 'node:path';
import { weightsPath } from '../../results/model/weights.js';
import type { Run, TrialState } from '../../results/run/run.js';
import type { TrialResult } from '../../results/training/trial.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import { didYouMean } from '../user/did-you-mean.js';
import { UserError } from '../user/user-error.js';
import { weightsIn } from '../weights/files.js';
import { takeWeights } from '../weights/keep.js';
import { decodeSafetensors } from '../weights/safetensors.js';
import { GRAPHS, readGraph } from './folder/graph-files.js';

export type DoneTrial = Extract<TrialState, { state: 'done' }>;

/** Which seed of a candidate is meant; by default `mean`. */
export type WhichSeed =
  | { readonly by: 'seed'; readonly seed: number }
  /** The highest validation top-1 after the last epoch; of equal ones the lower loss. The test images choose nothing. */
  | { readonly by: 'best' }
  /** The test top-1 nearest to the mean over all seeds: the one that stands for the candidate. */
  | { readonly by: 'mean' };

/** Throws UserError where the run has no such candidate, or no finished trial of it with this seed. */
export const chosenTrial = (
  { plan, trials }: Run,
  candidate: string | undefined,
  which: WhichSeed,
): DoneTrial => {
  const names = plan.candidates.map(({ name }) => name);
  const name = candidate ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) {
    throw new UserError('The run has several candidates.', `Name one with --candidate: ${names.join(', ')}.`);
  }
  if (!names.includes(name)) {
    throw new UserError(
      `The run has no candidate "${name}".`,
      didYouMean(name, names, `Candidates: ${names.join(', ')}.`),
    );
  }
  const done = trials.flatMap((trial) => (trial.state === 'done' && trial.candidate === name ? [trial] : []));
  const chosen =
    which.by === 'seed'
      ? done.find(({ seed }) => seed === which.seed)
      : done.toSorted(ORDERS[which.by](done))[0];
  if (chosen !== undefined) return chosen;
  const seeds = done.map(({ seed }) => seed).join(', ');
  throw new UserError(
    `The run has no finished trial of ${name}${which.by === 'seed' ? ` with seed ${which.seed}` : ''}.`,
    seeds === '' ? 'Finish the run with lightbench run --resume.' : `Finished seeds: ${seeds}.`,
  );
};

/** The trials that are meant: one, where a seed is chosen, or else all whose weights are kept. Throws UserError where there are none. */
export const chosenTrials = (
  run: Run,
  candidate: string | undefined,
  which: WhichSeed | null,
): readonly DoneTrial[] => {
  if (which !== null) return [chosenTrial(run, candidate, which)];
  const name = candidate === undefined ? null : chosenTrial(run, candidate, { by: 'mean' }).candidate;
  const kept = run.trials.flatMap((trial) =>
    trial.state === 'done' && trial.weights?.state === 'kept' && trial.candidate === (name ?? trial.candidate)
      ? [trial]
      : [],
  );
  if (kept.length > 0) return kept;
  throw new UserError(
    'The run has kept no trained weights.',
    'Finish it, or run it again without --no-weights.',
  );
};

type Order = (a: DoneTrial, b: DoneTrial) => number;

const ORDERS: Readonly<Record<'best' | 'mean', (done: readonly DoneTrial[]) => Order>> = {
  best: () => (a, b) => {
    const [one, other] = [lastEpoch(a.result), lastEpoch(b.result)];
    return other.top1 - one.top1 || one.loss - other.loss || a.seed - b.seed;
  },
  mean: (done) => {
    const mean = done.reduce((sum, { result }) => sum + result.testTop1, 0) / done.length;
    const off = ({ result }: DoneTrial): number => Math.abs(result.testTop1 - mean);
    return (a, b) => off(a) - off(b) || a.seed - b.seed;
  },
};

const lastEpoch = ({ epochs }: TrialResult): { readonly top1: number; readonly loss: number } => {
  const last = epochs.at(-1);
  return { top1: last?.validationTop1 ?? 0, loss: last?.validationLoss ?? Number.POSITIVE_INFINITY };
};

export interface TrainedNetwork {
  /** What the registry calls it. */
  readonly network: string;
  /** The training form, of which the weights are. */
  readonly graph: Graph;
  readonly weights: Weights;
}

/** Throws UserError where the weights of the trial were not kept, or are no longer those that were. */
export const trainedNetwork = async (
  directory: string,
  { plan }: Run,
  { candidate, seed, weights: record }: DoneTrial,
): Promise<TrainedNetwork> => {
  const named = `The trained weights of ${candidate}, seed ${seed},`;
  if (record?.state !== 'kept') {
    throw new UserError(
      `${named} are not in the run: ${record?.reason ?? 'its lightbench kept none'}.`,
      'Run the suite again in a new folder, with --no-cache if its trials are known.',
    );
  }
  const file = weightsPath(directory, plan, { candidate, seed });
  const bytes = await takeWeights(file, record);
  if (bytes === null) {
    throw new UserError(
      `${named} are damaged or gone: ${file} is not what the trial wrote.`,
      'Restore the file from a copy, or run the suite again in a new folder.',
    );
  }
  const planned = plan.candidates.find(({ name }) => name === candidate);
  const graph = await readGraph(join(directory, GRAPHS), planned?.fingerprint ?? '');
  const network = planned?.selection.split('(')[0] ?? candidate;
  return {
    network,
    graph,
    weights: weightsIn(decodeSafetensors(bytes, file), file, { network, graph }).weights,
  };
};
