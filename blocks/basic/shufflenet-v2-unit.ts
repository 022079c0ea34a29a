import { z } from 'zod';
import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { UserError } from '../../harness/user/user-error.js';
import { convBnAct } from '../conv-bn.js';
import { defineBlock } from '../define.js';
import type { BlockPart, BlockSite } from '../part.js';
import { depthwiseConv } from '../spatial/depthwise.js';

/**
 * The unit of ShuffleNetV2 (Ma et al. 2018, arXiv:1807.11164). At stride 1 half of the channels pass and the other half goes through
 * 1x1, depthwise, 1x1. At a stride, and here also where the width changes, both branches take the whole input, and the first is
 * depthwise, 1x1. The halves are concatenated and shuffled in two groups.
 */
export const shuffleNetV2UnitBlock: BlockPart = (g, x, site) => {
  const [channels] = x.shape;
  const { outChannels, stride } = site;
  checkEven(outChannels);
  const keeps = stride === 1 && channels === outChannels;
  const half = outChannels / 2;
  const left = keeps ? g.slice('left', x, 0, half) : shortcut(g.scope('left'), x, half, site);
  const input = keeps ? g.slice('right', x, half, channels) : x;
  const right = branch(g.scope('right'), input, half, site);
  return g.permuteChannels('shuffle', g.concat('concat', left, right), 2);
};

export const shuffleNetV2Unit = defineBlock({
  id: 'shufflenet-v2-unit',
  summary:
    'ShuffleNetV2 unit: half of the channels pass through, half go through 1x1, depthwise, 1x1; then a shuffle.',
  paper: 'Ma et al. 2018 (ShuffleNetV2), arXiv:1807.11164',
  admits: 'Even numbers of output channels.',
  options: z.strictObject({}),
  build: (g, x, site) => shuffleNetV2UnitBlock(g, x, site),
});

const shortcut = (
  g: GraphBuilder,
  x: Value,
  outChannels: number,
  { stride, activation }: BlockSite,
): Value => {
  const mixed = depthwiseConv(3)(g.scope('depthwise'), x, { stride });
  return convBnAct(g.scope('pointwise'), mixed, { outChannels, kernel: 1 }, activation);
};

const branch = (g: GraphBuilder, x: Value, outChannels: number, { stride, activation }: BlockSite): Value => {
  const entered = convBnAct(g.scope('enter'), x, { outChannels, kernel: 1 }, activation);
  const mixed = depthwiseConv(3)(g.scope('depthwise'), entered, { stride });
  return convBnAct(g.scope('pointwise'), mixed, { outChannels, kernel: 1 }, activation);
};

const checkEven = (channels: number): void => {
  if (channels % 2 === 0) return;
  throw new UserError(
    `shufflenet-v2-unit: ${channels} output channels cannot be halved.`,
    `The nearest valid widths are ${[channels - 1, channels + 1].filter((width) => width > 0).join(' and ')}.`,
  );
};
