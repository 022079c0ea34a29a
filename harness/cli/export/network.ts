/** What `export` writes: a part with initial weights or those of a file, or a trained network of a run. */

import type { Plan } from '../../../results/plan/plan.js';
import { requireRunDirectory } from '../../../results/run/load-run.js';
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import type { MapShape } from '../../graph/shape.js';
import type { DeployForm } from '../../rewrite/deploy.js';
import { UserError } from '../../user/user-error.js';
import { buildSubjectFrom, type SubjectOptions } from '../options/subject-options.js';
import { isRunFolder, type TrialOptions, whichSeed } from '../options/trial-options.js';

export interface ExportedNetwork {
  readonly id: string;
  readonly selection: string;
  readonly input: MapShape;
  readonly outputName: 'logits' | 'output';
  readonly train: Graph;
  readonly deploy: () => DeployForm;
  /** Of the training form. */
  readonly weights: Weights;
  readonly seed: number;
  /** Where the weights come from, in words. */
  readonly weightsAre: string;
  readonly candidate?: string;
  /** Of the run that trained it. */
  readonly run?: Plan;
}

export interface SourceOptions extends SubjectOptions, TrialOptions {
  /** A file of weights for a part. */
  readonly weights?: string;
}

/** `source` is a part, or the folder of a run. Throws UserError where an option does not belong to what it is. */
export const networkFrom = (source: string, options: SourceOptions): Promise<ExportedNetwork> =>
  isRunFolder(source) ? fromRun(source, options) : fromPart(source, options);

const fromPart = async (
  id: string,
  { weights: file, candidate, best, mean, seed = 0, ...options }: SourceOptions,
): Promise<ExportedNetwork> => {
  if (candidate !== undefined || best !== undefined || mean !== undefined) {
    if (/[\\/]/.test(id)) await requireRunDirectory(id);
    throw new UserError(
      `${id} is no folder of a run, and has no trained networks.`,
      'Name a run, or leave out --candidate, --best and --mean.',
    );
  }
  const subject = await buildSubjectFrom(id, options);
  const { train, deploy, kind, input, selection } = subject;
  const outputName = kind === 'network' ? 'logits' : 'output';
  const common = { id: subject.id, selection, input, train, deploy, seed, outputName } as const;
  if (file === undefined) {
    const { initialWeights } = await import('../../train/initialise.js');
    const weightsAre =
      train.initial === undefined
        ? `untrained: initial weights of seed ${seed}`
        : `those of its file, and initial weights of seed ${seed} where it has none`;
    return { ...common, weights: initialWeights(train, seed), weightsAre };
  }
  const { readWeights } = await import('../../weights/files.js');
  const { weights, left } = await readWeights(file, { network: subject.id, graph: train });
  if (left.length === 0) return { ...common, weights, weightsAre: 'read from a file' };
  throw new UserError(
    `${file} is of another number of classes than ${options.classes}.`,
    'Give its number with --classes.',
  );
};

const fromRun = async (directory: string, options: SourceOptions): Promise<ExportedNetwork> => {
  const foreign = PART_OPTIONS.find((name) => options[name] !== undefined);
  if (foreign !== undefined) {
    throw new UserError(
      `--${foreign} is an option of parts, and ${directory} is a run.`,
      'Leave it out: the run has decided it.',
    );
  }
  const { loadRun } = await import('../../../results/run/load-run.js');
  const { chosenTrial, trainedNetwork } = await import('../../run/trained.js');
  const { deployForm } = await import('../../rewrite/deploy.js');
  const run = await loadRun(directory);
  const trial = chosenTrial(run, options.candidate, whichSeed(options) ?? { by: 'mean' });
  const { network, graph, weights } = await trainedNetwork(directory, run, trial);
  const { candidate, seed, result } = trial;
  return {
    id: network,
    selection: run.plan.candidates.find(({ name }) => name === candidate)?.selection ?? candidate,
    input: graph.input.shape,
    outputName: 'logits',
    train: graph,
    deploy: () => deployForm(graph),
    weights,
    seed,
    weightsAre: `trained on ${run.plan.conditions.dataset.id} with seed ${seed}, test top-1 ${result.testTop1}`,
    candidate,
    run: run.plan,
  };
};

const PART_OPTIONS = ['block', 'set', 'input', 'weights'] as const;
