import { defineScaledSuite } from '../suite.js';
import {
  bothBudgets,
  inLightNet,
  lightnetKnobs,
  NETWORK_SETTINGS,
  networkKnobs,
  published,
} from './setting.js';

/**
 * Do the blocks of other networks do better in LightNet than in their own network? The paper: yes. Each block has the expansion, or the
 * reduction, that it was published with; both sides have the same parameters, multiply-adds and last map. GhostNet has at most 6.4
 * multiply-adds a parameter there and its block in LightNet at least 7.2, so that no widths make them equal.
 */
export const lightnet = defineScaledSuite(
  'paper/lightnet',
  'Do the blocks of light-weight networks do better in LightNet than in the network they were published in?',
  (scale) => ({
    title: 'Blocks in LightNet and in their own networks, at equal parameters and multiply-adds',
    ...NETWORK_SETTINGS[scale],
    budget: scale === 'small' ? bothBudgets(212_500, 2_600_000) : bothBudgets(2_600_000, 260_000_000),
    claims: PAIRS.map(({ name, own }) => `accuracy(${name}) > accuracy(${own})`),
    candidates: PAIRS.flatMap(({ name, block, own, network }) => [
      { name, network: inLightNet(scale, block), knob: lightnetKnobs(scale) },
      { name: own, network: published(scale, network), knob: networkKnobs(scale) },
    ]),
  }),
);

const PAIRS = [
  {
    name: 'inverted residual in LightNet',
    block: 'inverted-residual(expansion=4)',
    own: 'MobileNetV2',
    network: 'mobilenet-v2',
  },
  {
    name: 'inverted residual with SE in LightNet',
    block: 'inverted-residual(expansion=4,squeeze=0.25)',
    own: 'EfficientNet',
    network: 'efficientnet-b0',
  },
  {
    name: 'IGC block in LightNet',
    block: 'igcv3-block(expansion=6)',
    own: 'IGCV3-D',
    network: 'igcv3-d',
  },
  {
    name: 'sandglass in LightNet',
    block: 'sandglass(reduction=2)',
    own: 'MobileNeXt',
    network: 'mobilenext',
  },
] as const;
