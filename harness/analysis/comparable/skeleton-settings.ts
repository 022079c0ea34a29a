/** How the networks around blocks are set, by which readers tell one skeleton from another. */
import { parseChoice, printValue } from '../../../blocks/choice.js';
import type { Choice } from '../../../blocks/part.js';
import type { CandidateRecord } from '../../../results/plan/candidate.js';
import { UserError } from '../../user/user-error.js';

type Selected = Pick<CandidateRecord, 'selection'>;

export interface UnequalSetting {
  readonly option: string;
  /** As `--set` takes it, one for each candidate; null where it is left at its default. */
  readonly values: readonly (string | null)[];
}

/** The id of the network in which a block stands; null where the selection is not of a form that this version knows. */
export const skeletonOf = ({ selection }: Selected): string | null => {
  const choice = choiceOf(selection);
  return choice === null ? null : String(choice.id);
};

/** What is not set alike in the skeletons of all candidates: nothing where a part itself changes what is around it. */
export const unequalSettings = (candidates: readonly Selected[]): readonly UnequalSetting[] => {
  const settings = candidates.map(settingsOf);
  return [...new Set(settings.flatMap((each) => [...each.keys()]))]
    .map((option) => ({ option, values: settings.map((each) => each.get(option) ?? null) }))
    .filter(({ values }) => new Set(values).size > 1);
};

const settingsOf = ({ selection }: Selected): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(choiceOf(selection)?.set ?? {})
      .filter(([option]) => option !== 'block')
      .map(([option, value]) => [option, printValue(value)]),
  );

/** Null where it cannot be read: plans come from other machines and versions. */
const choiceOf = (selection: string): Choice | null => {
  try {
    return parseChoice(selection);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
};
