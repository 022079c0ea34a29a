import { divisorsNear, greatestCommonDivisor } from '../../harness/graph/channel-arithmetic.js';
import { UserError } from '../../harness/user/user-error.js';

/** Throws UserError, naming `id`, where `groups` do not divide all of these numbers of channels. */
export const checkGroups = (id: string, groups: number, widths: readonly number[]): void => {
  const undivided = widths.filter((width) => width % groups !== 0);
  if (undivided.length === 0) return;
  const nearest = divisorsNear(widths.reduce(greatestCommonDivisor), groups);
  throw new UserError(
    `${id}: ${groups} groups do not divide ${[...new Set(undivided)].join(' and ')} channels.`,
    `For widths ${widths.join(', ')}, the nearest valid numbers of groups are ${nearest.join(' and ')}.`,
  );
};
