/** How the networks around blocks are set, by which readers tell one skeleton from another. */
import { asChoice, printValue } from '../../../blocks/choice.js';
import type { CandidateRecord } from '../../../results/plan/candidate.js';

type Selected = Pick<CandidateRecord, 'selection'>;

export interface UnequalSetting {
  readonly option: string;
  /** As `--set` takes it, one for each candidate; null where it is left at its default. */
  readonly values: readonly (string | null)[];
}

/** The id of the network in which a block stands. */
export const skeletonOf = ({ selection }: Selected): string => String(asChoice(selection).id);

/** What is not set alike in the skeletons of all candidates: nothing where a part itself changes what is around it. */
export const unequalSettings = (candidates: readonly Selected[]): readonly UnequalSetting[] => {
  const settings = candidates.map(settingsOf);
  return [...new Set(settings.flatMap((each) => [...each.keys()]))]
    .map((option) => ({ option, values: settings.map((each) => each.get(option) ?? null) }))
    .filter(({ values }) => new Set(values).size > 1);
};

const settingsOf = ({ selection }: Selected): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(asChoice(selection).set ?? {})
      .filter(([option]) => option !== 'block')
      .map(([option, value]) => [option, printValue(value)]),
  );
