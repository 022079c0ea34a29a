import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { convBn, convBnAct } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import { countOrAuto } from '../options.js';
import type { BlockPart } from '../part.js';
import { depthwiseConv } from '../spatial/depthwise.js';
import { checkGroups } from './group-widths.js';

export interface ShuffleNetV1Unit {
  readonly groups: number;
  /** Groups of the first convolution, where they are others: the first unit of the network has one. */
  readonly firstGroups?: number;
}

/** Output width of a unit over its inner width. */
const REDUCTION = 4;

/**
 * The unit of ShuffleNet (Zhang et al. 2017, arXiv:1707.01083): grouped 1x1, shuffle, depthwise, grouped 1x1. At stride 1 the input
 * is added, at a stride its average is put before the unit's own channels; the activation comes last. Where stride 1 changes
 * the width there is no shortcut.
 */
export const shuffleNetV1UnitBlock =
  ({ groups, firstGroups = groups }: ShuffleNetV1Unit): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const [channels] = x.shape;
    const own = stride === 1 ? outChannels : outChannels - channels;
    const inner = outChannels / REDUCTION;
    const reduce = { outChannels: inner, kernel: 1, groups: firstGroups };
    const reduced = convBnAct(g.scope('reduce'), x, reduce, activation);
    const shuffled = groups === 1 ? reduced : g.permuteChannels('shuffle', reduced, groups);
    const mixed = depthwiseConv(3)(g.scope('depthwise'), shuffled, { stride });
    const expanded = convBn(g.scope('expand'), mixed, { outChannels: own, kernel: 1, groups });
    if (stride !== 1) {
      const average = g.avgPool('average', x, { kernel: 3, stride, padding: 1 });
      return g.activation('act', g.concat('concat', average, expanded), activation);
    }
    return g.activation('act', channels === outChannels ? g.add('add', x, expanded) : expanded, activation);
  };

export const shuffleNetV1Unit = defineBlock({
  id: 'shufflenet-v1-unit',
  summary: 'ShuffleNet unit: grouped 1x1 to a quarter of the width, channel shuffle, depthwise, grouped 1x1.',
  paper: 'Zhang et al. 2017 (ShuffleNet), arXiv:1707.01083',
  admits:
    'Output channels divisible by 4 and, at a stride, more than the input channels. groups must divide the input, a quarter of the output, and the channels that the unit adds.',
  options: z.strictObject({
    groups: countOrAuto().describe(
      'Groups of the 1x1 convolutions; must divide the input, a quarter of the output, and the channels that the unit adds. auto: as many as possible, up to 4.',
    ),
  }),
  build: (g, x, site, { groups }) => {
    const added = site.stride === 1 ? site.outChannels : site.outChannels - x.shape[0];
    checkWidths(x.shape[0], site.outChannels, added);
    const widths = [x.shape[0], site.outChannels / REDUCTION, added];
    if (groups !== 'auto') checkGroups('shufflenet-v1-unit', groups, widths);
    return shuffleNetV1UnitBlock({ groups: groups === 'auto' ? mostGroups(widths) : groups })(g, x, site);
  },
});

const mostGroups = (widths: readonly number[]): number =>
  [4, 3, 2].find((groups) => widths.every((width) => width % groups === 0)) ?? 1;

const checkWidths = (channels: number, outChannels: number, own: number): void => {
  if (own <= 0) {
    throw new UserError(
      `shufflenet-v1-unit: at a stride it concatenates its ${channels} input channels, so ${outChannels} output channels are too few.`,
      `Use more than ${channels} output channels, or stride 1.`,
    );
  }
  if (outChannels % REDUCTION !== 0) {
    const below = Math.floor(outChannels / REDUCTION) * REDUCTION;
    const nearest = [below, below + REDUCTION].filter((width) => width > 0);
    throw new UserError(
      `shufflenet-v1-unit: a quarter of ${outChannels} output channels is not a whole number.`,
      `The nearest valid widths are ${nearest.join(' and ')}.`,
    );
  }
};
