/** What groups of comparable candidates are called: by their kind, and where there are several of it by what tells their skeletons apart. */
import { skeletonOf, unequalSettings } from '../../harness/analysis/comparable/skeleton-settings.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';

type Member = Pick<CandidateRecord, 'group' | 'selection' | 'skeleton'>;

/** From one member of each group. For example `Blocks in LightNet, width=2`. */
export const groupTitles = (members: readonly Member[]): readonly string[] =>
  members.map((member) => {
    if (member.group === 'network') return 'Published networks';
    const network = skeletonOf(member);
    const inIt = members.filter((other) => other.group === 'lightnet' && skeletonOf(other) === network);
    return [`Blocks in ${network === 'lightnet' ? 'LightNet' : network}`, ...whatTells(member, inIt)].join(
      ', ',
    );
  });

/** By hash where what is set around the blocks does not tell. */
const whatTells = (member: Member, others: readonly Member[]): readonly string[] => {
  const unequal = unequalSettings(others);
  const settings = (one: Member): readonly string[] =>
    unequal.flatMap(({ option, values }) => {
      const value = values[others.indexOf(one)] ?? null;
      return value === null ? [] : [`${option}=${value}`];
    });
  const own = settings(member);
  const alike = others.filter((other) => settings(other).join() === own.join());
  return alike.length === 1 ? own : [...own, `skeleton ${member.skeleton.slice(0, 8)}`];
};
