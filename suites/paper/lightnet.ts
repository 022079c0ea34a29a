import { defineScaledSuite } from '../suite.js';
import { expansions, NETWORK_SETTINGS, widths } from './setting.js';

/**
 * Do the blocks of other networks do better in LightNet than in their own network? The paper: yes. Only families whose block has a
 * free expansion and whose network a free width can meet one budget. A bottleneck such as the sandglass cannot spend as much in
 * LightNet as the narrowest MobileNeXt does; FasterNet and ShuffleNet have no free width, ShuffleNet's units and DSConv no expansion.
 */
export const lightnet = defineScaledSuite(
  'paper/lightnet',
  'Do the blocks of light-weight networks do better in LightNet than in the network they were published in?',
  (scale) => ({
    title: 'Blocks in LightNet and in their own networks, at equal parameters',
    ...NETWORK_SETTINGS[scale],
    budget: { metric: 'params', target: scale === 'small' ? 212_000 : 2_600_000, tolerance: 0.03 },
    claims: PAIRS.map(({ inLightNet, own }) => `accuracy(${inLightNet}) > accuracy(${own})`),
    candidates: PAIRS.flatMap(({ inLightNet, block, own, network }) => [
      { name: inLightNet, block, knob: expansions(scale) },
      { name: own, network, knob: widths },
    ]),
  }),
);

const PAIRS = [
  {
    inLightNet: 'inverted residual in LightNet',
    block: 'inverted-residual',
    own: 'MobileNetV2',
    network: 'mobilenet-v2',
  },
  {
    inLightNet: 'inverted residual with SE in LightNet',
    block: 'inverted-residual(squeeze=0.25)',
    own: 'EfficientNet',
    network: 'efficientnet-b0',
  },
  { inLightNet: 'IGC block in LightNet', block: 'igcv3-block', own: 'IGCV3-D', network: 'igcv3-d' },
  {
    inLightNet: 'ghost bottleneck in LightNet',
    block: 'ghost-bottleneck',
    own: 'GhostNet',
    network: 'ghostnet',
  },
] as const;
