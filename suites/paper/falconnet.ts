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
 * Is FalconNet better than light-weight networks at equal cost? The paper: yes. Equal are parameters, multiply-adds and the last map;
 * MobileNetV3-Small, MobileNetV1 and PP-LCNet have no widths at which they spend both as the others do.
 */
export const falconnet = defineScaledSuite(
  'paper/falconnet',
  'Is FalconNet more accurate than light-weight networks of the same size and compute?',
  (scale) => ({
    title: 'FalconNet and light-weight networks, at equal parameters and multiply-adds',
    ...NETWORK_SETTINGS[scale],
    budget: scale === 'small' ? bothBudgets(162_500, 2_356_250) : bothBudgets(2_600_000, 260_000_000),
    claims: [IN_LIGHTNET, ...Object.keys(PEERS)].map((peer) => `accuracy(FalconNet) > accuracy(${peer})`),
    candidates: [
      {
        name: 'FalconNet',
        network: `falconnet(preset=${scale},expansion=4)`,
        knob: lightnetKnobs(scale),
      },
      {
        name: IN_LIGHTNET,
        network: inLightNet(scale, `inverted-residual(expansion=${scale === 'small' ? 6 : 4})`),
        knob: lightnetKnobs(scale),
      },
      ...Object.entries(PEERS).map(([name, network]) => ({
        name,
        network: published(scale, network),
        knob: networkKnobs(scale),
      })),
    ],
  }),
);

const IN_LIGHTNET = 'inverted residual in LightNet';

const PEERS = {
  MobileNetV2: 'mobilenet-v2',
  MobileNeXt: 'mobilenext',
  EfficientNet: 'efficientnet-b0',
} as const;
