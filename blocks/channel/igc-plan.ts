/** The arithmetic of interleaved group convolutions whose product is dense: in how many groups each of them goes. */
import { nearestWhere } from '../../harness/graph/channel-arithmetic.js';
import { UserError } from '../../harness/user/user-error.js';

export interface IgcShape {
  readonly inChannels: number;
  readonly outChannels: number;
}

/**
 * The groups of each of `factors` convolutions. With H, the smaller number of channels, as K1 * K2 * ..., the i-th convolution has H / Ki
 * groups and mixes one digit of the channel's number in that mixed radix, so that exactly one path leads from every input to every
 * output (the complementary condition of IGC V2). Of all such products the one of fewest weights, the smallest
 * K1 on a tie. Throws UserError, naming `id`, where there is none.
 */
export const balancedGroups = (id: string, shape: IgcShape, factors: number): readonly number[] => {
  const [best, ...rest] = admissibleGroups(shape, factors);
  if (!best) return refuse(id, shape, factors);
  return rest.reduce(
    (least, groups) => (igcWeights(shape, groups) < igcWeights(shape, least) ? groups : least),
    best,
  );
};

/** Weights of all convolutions, batch norms excluded: the sum of inputs * outputs / groups. */
export const igcWeights = ({ inChannels, outChannels }: IgcShape, groups: readonly number[]): number => {
  const hidden = Math.min(inChannels, outChannels);
  return groups.reduce((sum, count, i) => {
    const inputs = i === 0 ? inChannels : hidden;
    const outputs = i === groups.length - 1 ? outChannels : hidden;
    return sum + (inputs * outputs) / count;
  }, 0);
};

const admissibleGroups = (
  { inChannels, outChannels }: IgcShape,
  factors: number,
): readonly (readonly number[])[] => {
  const hidden = Math.min(inChannels, outChannels);
  return factorisations(hidden, factors)
    .map((sizes) => sizes.map((size) => hidden / size))
    .filter((groups) => inChannels % (groups[0] ?? 1) === 0 && outChannels % (groups.at(-1) ?? 1) === 0);
};

/** Every way to write n as an ordered product of so many factors above 1, the smallest first. */
const factorisations = (n: number, count: number): readonly (readonly number[])[] => {
  if (count === 1) return n > 1 ? [[n]] : [];
  return Array.from({ length: Math.floor(n / 2) }, (_, i) => i + 2)
    .filter((first) => n % first === 0)
    .flatMap((first) => factorisations(n / first, count - 1).map((rest) => [first, ...rest]));
};

const refuse = (id: string, { inChannels, outChannels }: IgcShape, factors: number): never => {
  const [fewer, more] = [Math.min(inChannels, outChannels), Math.max(inChannels, outChannels)];
  const site = `${id}: ${inChannels} -> ${outChannels} channels`;
  if (factorisations(fewer, factors).length === 0) {
    const nearest = nearestWhere(fewer, (n) => factorisations(n, factors).length > 0);
    throw new UserError(
      `${site}: ${fewer} is not a product of ${factors} factors greater than 1.`,
      `The nearest valid numbers of channels are ${nearest.join(' and ')}.`,
    );
  }
  const nearest = nearestWhere(more, (n) => {
    const shape = inChannels > outChannels ? { inChannels: n, outChannels } : { inChannels, outChannels: n };
    return n >= fewer && admissibleGroups(shape, factors).length > 0;
  });
  throw new UserError(
    `${site}: no choice of groups for ${factors} convolutions divides both numbers of channels.`,
    `With ${fewer} channels, the nearest valid numbers are ${nearest.join(' and ')}.`,
  );
};
