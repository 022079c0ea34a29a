/** Options of the commands that are about a trained network of a run: which candidate, which seed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { RUN_FILES } from '../../../results/run/load-run.js';
import type { WhichSeed } from '../../run/trained.js';
import { UserError } from '../../user/user-error.js';
import { parseSeed } from './values.js';

export interface TrialOptions {
  readonly candidate?: string;
  readonly seed?: number;
  readonly best?: true;
  readonly mean?: true;
}

export const addTrialOptions = (command: Command, seedHelp: string): Command =>
  command
    .option('--candidate <name>', 'of a run: the candidate; not needed where it has one')
    .option('--seed <n>', seedHelp, parseSeed)
    .option('--best', 'of a run: the seed with the best validation top-1 after the last epoch')
    .option('--mean', 'of a run: the seed whose test top-1 is nearest to the mean of all (the default)');

/** The seed that is meant; null where none is named. Throws UserError where several are. */
export const whichSeed = ({ seed, best, mean }: TrialOptions): WhichSeed | null => {
  const named: WhichSeed[] = [
    ...(seed === undefined ? [] : [{ by: 'seed', seed } as const]),
    ...(best === undefined ? [] : [{ by: 'best' } as const]),
    ...(mean === undefined ? [] : [{ by: 'mean' } as const]),
  ];
  if (named.length < 2) return named[0] ?? null;
  throw new UserError('--seed, --best and --mean each choose a seed.', 'Give one of them.');
};

export const isRunFolder = (path: string): boolean => existsSync(join(path, RUN_FILES.plan));
