import { z } from 'zod';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { UserError } from '../../harness/user/user-error.js';
import { shuffleNetV1UnitBlock } from '../basic/shufflenet-v1-unit.js';
import { convBnAct } from '../conv-bn.js';
import { defineNetwork } from '../define.js';
import { classify } from './classifier.js';
import { resolutionOption, stemStride } from './resolution.js';
import { buildStages } from './stages.js';

/** Width of the first stage by the number of groups, so that the cost stays; it doubles from stage to stage. */
const FIRST_STAGE = { 1: 144, 2: 200, 3: 240, 4: 272, 8: 384 } as const;

const REPEATS = [4, 8, 4];

const WIDTHS = [0.25, 0.5, 0.75, 1, 1.5, 2] as const;

type Groups = keyof typeof FIRST_STAGE;

type Width = (typeof WIDTHS)[number];

const STEM_WIDTHS: Readonly<Record<Width, number>> = { 0.25: 6, 0.5: 12, 0.75: 18, 1: 24, 1.5: 24, 2: 48 };

/** Not in proportion above 1. With 8 groups half the width needs 16, for the groups to fit. */
const stemWidth = (groups: Groups, width: Width): number =>
  width === 0.5 && groups === 8 ? 16 : STEM_WIDTHS[width];

/** As in the paper, with a bias in the classifier; the authors' code has none, and shuffles after the depthwise convolution. */
export const shufflenetV1 = defineNetwork({
  id: 'shufflenet-v1',
  summary: 'ShuffleNet: grouped 1x1 convolutions with channel shuffle.',
  paper: 'Zhang et al. 2017 (ShuffleNet), arXiv:1707.01083',
  published: { macs: '137M', top1: 67.4, source: 'arXiv:1707.01083' },
  options: z.strictObject({
    ...resolutionOption,
    groups: z
      .literal([1, 2, 3, 4, 8])
      .default(3)
      .describe('Groups of the 1x1 convolutions; more groups make the network wider.'),
    width: z
      .literal(WIDTHS)
      .default(1)
      .describe('Width multiplier; some values do not work with 2, 4 or 8 groups.'),
  }),
  build: ({ input, classes }, { resolution, groups, width }) => {
    checkWidth(groups, width);
    const g = GraphBuilder.create();
    const stem = { outChannels: stemWidth(groups, width), kernel: 3, stride: stemStride(resolution) };
    const entry = convBnAct(g.scope('stem'), g.input(input), stem, 'relu');
    const pooled = g.maxPool('stem.pool', entry, { kernel: 3, stride: 2, padding: 1 });
    const stages = REPEATS.map((repeats, s) => ({
      outChannels: FIRST_STAGE[groups] * width * 2 ** s,
      repeats,
      stride: 2,
    }));
    const features = buildStages(g, pooled, stages, (scope, x, { outChannels: units, stride }) => {
      const firstGroups = x === pooled ? 1 : groups;
      const site = { outChannels: units, stride, activation: 'relu' } as const;
      return shuffleNetV1UnitBlock({ groups, firstGroups })(scope, x, site);
    });
    return g.finish(classify(g.scope('head'), features, classes));
  },
});

/** The channels that the groups must divide: inside a unit of the first stage, and those that its first unit adds to the stem's. */
const dividends = (groups: Groups, width: Width): readonly [inner: number, added: number] => {
  const first = FIRST_STAGE[groups] * width;
  return [first / 4, first - stemWidth(groups, width)];
};

const fits = (groups: Groups, width: Width): boolean =>
  dividends(groups, width).every((channels) => channels % groups === 0);

const checkWidth = (groups: Groups, width: Width): void => {
  if (fits(groups, width)) return;
  throw new UserError(
    `shufflenet-v1: width ${width} does not work with ${groups} groups, which do not divide both ${dividends(groups, width).join(' and ')} channels of the first unit.`,
    `With ${groups} groups, use width ${WIDTHS.filter((other) => fits(groups, other)).join(', ')}; every width works with 1 or 3 groups.`,
  );
};
