import { defineScaledSuite, steps } from '../suite.js';
import { expansions, SETTINGS } from './setting.js';

const WIDTH = { option: 'width', values: steps(0.05, 1.5, 0.01) };

/** Is FalconNet better than light-weight networks at equal cost? The paper: yes. */
export const falconnet = defineScaledSuite(
  'paper/falconnet',
  'Is FalconNet more accurate than light-weight networks of the same size?',
  (scale) => ({
    title: 'FalconNet and light-weight networks, at equal parameters',
    ...SETTINGS[scale],
    budget: { metric: 'params', target: scale === 'small' ? 200_000 : 2_500_000, tolerance: 0.02 },
    claims: ['accuracy(FalconNet) > accuracy(MobileNetV2)'],
    candidates: [
      {
        name: 'FalconNet',
        network: { id: 'falconnet', set: SETTINGS[scale].skeleton },
        knob: expansions(scale),
      },
      { name: 'MobileNetV2', network: 'mobilenet-v2', knob: WIDTH },
    ],
  }),
);
