import { expansions, SETTINGS } from '../paper/setting.js';
import { quick } from '../quick.js';
import { defineScaledSuite, type Scale, type SuiteSpec } from '../suite.js';

/** All but the last merge into one depthwise 3x3 convolution: what is compared in int8 is what training made of its weights. */
const VARIANTS: Readonly<Record<string, string>> = {
  depthwise: 'meta-light(spatial=depthwise)',
  ACNet: 'meta-light(spatial=acnet)',
  RepVGG: 'meta-light(spatial=repvgg-depthwise)',
  MobileOne: 'meta-light(spatial=mobileone-depthwise)',
  RepSO: 'meta-light(spatial=repso)',
  RepGhost: 'repghost',
};

/** On small images, networks about as small as those of `quick`, and its images and recipe. */
const SIZES: Readonly<Record<Scale, Pick<SuiteSpec, 'skeleton' | 'data' | 'recipe' | 'seeds' | 'budget'>>> = {
  small: {
    skeleton: { preset: 'small', stemStrides: [2, 2], depths: [2, 3], widths: [16, 32] },
    data: quick.data,
    recipe: quick.recipe,
    seeds: quick.seeds,
    budget: [
      { metric: 'params', target: 28_000, tolerance: 0.03 },
      { metric: 'macs', target: 642_000, tolerance: 0.03 },
    ],
  },
  imagenet: {
    ...SETTINGS.imagenet,
    budget: { metric: 'params', target: 2_600_000, tolerance: 0.02 },
  },
};

const reparam = (id: string, weights: 'per-channel' | 'per-tensor') =>
  defineScaledSuite(
    id,
    `Which re-parameterised operators lose accuracy in int8, with weights scaled ${weights.replace('-', ' ')}?`,
    (scale) => ({
      title: `Re-parameterised operators in int8, weights scaled ${weights.replace('-', ' ')}`,
      ...SIZES[scale],
      int8: { calibration: 'min-max', images: 512, weights },
      claims: [
        'accuracy.int8(RepSO) > accuracy.int8(depthwise)',
        'drop.int8(depthwise) < drop.int8(RepSO)',
        'drop.int8(depthwise) < drop.int8(RepVGG)',
        'drop.int8(depthwise) < drop.int8(MobileOne)',
        'drop.int8(depthwise) < drop.int8(RepGhost)',
        'drop.int8(ACNet) < drop.int8(RepVGG)',
        'latency.int8(RepSO) = latency.int8(depthwise)',
      ],
      candidates: Object.entries(VARIANTS).map(([name, block]) => ({
        name,
        block,
        knob: expansions(scale),
      })),
    }),
  );

/** Every output channel has a scale of its own, as deployed networks mostly have. */
export const reparamPerChannel = reparam('int8/reparam', 'per-channel');

/** One scale for all channels of a layer: users of RepVGG report that it loses its accuracy there. */
export const reparamPerTensor = reparam('int8/reparam-per-tensor', 'per-tensor');
