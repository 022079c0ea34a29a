import { defineScaledSuite } from '../suite.js';
import { expansions, NETWORK_SETTINGS, widths } from './setting.js';

/** Is FalconNet better than light-weight networks at equal cost? The paper: yes. */
export const falconnet = defineScaledSuite(
  'paper/falconnet',
  'Is FalconNet more accurate than light-weight networks of the same size?',
  (scale) => ({
    title: 'FalconNet and light-weight networks, at equal parameters',
    ...NETWORK_SETTINGS[scale],
    budget: { metric: 'params', target: scale === 'small' ? 140_000 : 2_060_000, tolerance: 0.03 },
    claims: [
      'accuracy(FalconNet) > accuracy(inverted residual in LightNet)',
      ...Object.keys(PEERS).map((peer) => `accuracy(FalconNet) > accuracy(${peer})`),
    ],
    candidates: [
      {
        name: 'FalconNet',
        network: { id: 'falconnet', set: NETWORK_SETTINGS[scale].skeleton },
        knob: expansions(scale),
      },
      { name: 'inverted residual in LightNet', block: 'inverted-residual', knob: expansions(scale) },
      ...Object.entries(PEERS).map(([name, network]) => ({ name, network, knob: widths })),
    ],
  }),
);

const PEERS = {
  MobileNetV1: 'mobilenet-v1',
  MobileNetV2: 'mobilenet-v2',
  'MobileNetV3-Small': 'mobilenet-v3-small',
  'PP-LCNet': 'pp-lcnet',
} as const;
