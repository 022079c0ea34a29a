/** What groups of comparable candidates are called: by their kind, and where there are several of it by what tells their skeletons apart. */
import { skeletonOf, unequalSettings } from '../../harness/analysis/comparable/skeleton-settings.js';
import type { CandidateRecord } from '../../results/plan/candidate.js';

type Member = Pick<CandidateRecord, 'group' | 'selection' | 'skeleton'>;

interface Group {
  readonly kind: CandidateRecord['group'];
  readonly members: readonly Member[];
}

/** For example `Blocks in LightNet, width=2`. */
export const groupTitles = (groups: readonly Group[]): readonly string[] => {
  const blocks = groups.flatMap(({ kind, members: [first] }) =>
    kind === 'lightnet' && first ? [first] : [],
  );
  return groups.map(({ kind, members }) => {
    const [first] = members;
    if (kind === 'lightnet' && first !== undefined) return blockTitle(first, blocks);
    return members.every(({ group }) => group === 'network') ? 'Published networks' : 'Whole networks';
  });
};

const blockTitle = (member: Member, blocks: readonly Member[]): string => {
  const network = skeletonOf(member);
  const others = blocks.filter((other) => skeletonOf(other) === network);
  const name = network === null || network === 'lightnet' ? 'LightNet' : network;
  return [`Blocks in ${name}`, ...whatTells(member, others)].join(', ');
};

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
