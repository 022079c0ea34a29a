/** Results of earlier runs in place of trainings. A cache that cannot be used is told of, and then does without. */
import type { WeightsRecord } from '../../../results/model/weights.js';
import type { Plan } from '../../../results/plan/plan.js';
import type { Origin } from '../../../results/training/origin.js';
import type { TrialResult, TryResult } from '../../../results/training/trial.js';
import { ownVersion } from '../../package/own-code.js';
import { NOT_WANTED, putWeights, takeWeights } from '../../weights/keep.js';
import { cachedWeights, findResult, keepResult } from './result-cache.js';
import { type OneTraining, trainingFacts } from './training-facts.js';

export interface Reused<R> {
  readonly result: R;
  readonly from: Origin;
}

/** A trial, and what has become of its weights. */
export interface WeightedResult {
  readonly result: TrialResult;
  readonly weights: WeightsRecord;
}

export interface Reuse {
  /** Its weights are copied to `weights`, where they are kept and wanted. */
  readonly findTrial: (
    training: Omit<OneTraining, 'kind'>,
    weights: string | undefined,
  ) => Promise<(Reused<TrialResult> & WeightedResult) | null>;
  readonly findTry: (training: Omit<OneTraining, 'kind'>) => Promise<Reused<TryResult> | null>;
  /** For later runs: what has just been trained on this machine. */
  readonly keepTrial: (
    training: Omit<OneTraining, 'kind'>,
    trial: WeightedResult,
    weights: string,
  ) => Promise<void>;
  readonly keepTry: (training: Omit<OneTraining, 'kind'>, result: TryResult) => Promise<void>;
}

export interface ReuseOptions {
  readonly plan: Plan;
  /** Of the cache; none is used where it is absent. */
  readonly folder: string | undefined;
  /** Which run a result of it says that it was made in. */
  readonly origin: Pick<Origin, 'run' | 'folder'>;
  readonly onTrouble: (problem: string) => void;
}

export const reuseResults = ({ plan, folder, origin, onTrouble }: ReuseOptions): Reuse => {
  let isUsable = folder !== undefined;
  const attempt = async <T>(action: (folder: string) => Promise<T>): Promise<T | null> => {
    if (!isUsable || folder === undefined) return null;
    try {
      return await action(folder);
    } catch (error) {
      isUsable = false;
      onTrouble(`${folder} cannot be used: ${error instanceof Error ? error.message : error}.`);
      return null;
    }
  };
  const find = (training: OneTraining) =>
    attempt(async (usable) => {
      const facts = trainingFacts(plan, training);
      if (facts === null) return null;
      const found = await findResult(usable, facts);
      if (found.state === 'damaged') onTrouble(`${found.file} is not used: ${found.problem}.`);
      return found.state === 'whole' ? found.entry : null;
    });
  const keep = (training: OneTraining, made: Made, weights?: string) =>
    attempt(async (usable) => {
      const facts = trainingFacts(plan, training);
      if (facts === null) return;
      const from = {
        ...{ run: origin.run, folder: origin.folder, suite: plan.suite, candidate: training.candidate },
        ...{ lightbench: ownVersion(), cpu: facts.machine.cpu, at: new Date().toISOString() },
      };
      await keepResult(usable, { ...made, facts, from }, weights);
    });
  return {
    findTrial: async (training, target) => {
      const entry = await find({ kind: 'trial', ...training });
      if (entry?.kind !== 'trial') return null;
      const { result, from, facts, weights = NEVER_KEPT } = entry;
      if (target === undefined) return { result, from, weights: NOT_WANTED };
      if (weights.state === 'absent') return { result, from, weights: reusedWithout(weights.reason) };
      const bytes = await attempt((usable) => takeWeights(cachedWeights(usable, facts), weights));
      return {
        result,
        from,
        weights: bytes === null ? reusedWithout(LOST) : await putWeights(target, bytes),
      };
    },
    findTry: async (training) => {
      const entry = await find({ kind: 'try', ...training });
      return entry?.kind === 'try' ? entry : null;
    },
    keepTrial: async (training, trial, file) => {
      if (trial.result.int8Failure !== undefined) return;
      const weights = trial.weights.state === 'kept' ? file : undefined;
      await keep({ kind: 'trial', ...training }, { kind: 'trial', ...trial }, weights);
    },
    keepTry: async (training, result) => {
      await keep({ kind: 'try', ...training }, { kind: 'try', result });
    },
  };
};

const reusedWithout = (reason: string): WeightsRecord => ({
  state: 'absent',
  reason: `the result is that of an earlier run, and ${reason}; --no-cache trains again`,
});

const LOST = 'their file in the cache is gone or damaged';

const NEVER_KEPT: WeightsRecord = { state: 'absent', reason: 'its lightbench kept no weights' };

type Made =
  | ({ readonly kind: 'trial' } & WeightedResult)
  | { readonly kind: 'try'; readonly result: TryResult };
